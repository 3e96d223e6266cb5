"""What a road makes of an emulator's reply."""

from sverka_emulator_kit.messages import Reply
from sverka_scenarios.roads import remote


def test_a_reply_that_comes_in_pieces_arrives_whole():
    reply = Reply(200, b"a", rest=(piece for piece in (b"b", b"c")))
    assert remote(reply).answer.body == b"abc"
