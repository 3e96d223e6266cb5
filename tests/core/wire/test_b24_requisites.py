"""Which of a card's requisites is the client's."""

from sverka.wire.b24_requisites import Choice, choose

CARD = {"ID": "1", "ORIGIN_ID": "GUID-A"}


def requisite(number, mark="", active="Y"):
    return {"ID": number, "XML_ID": mark, "ACTIVE": active}


def chosen(*requisites):
    choice = choose(CARD, requisites)
    ids = [[row["ID"] for row in rows] for rows in (choice.rivals, choice.former)]
    return (choice.own["ID"], *ids)


def test_a_card_without_requisites_has_none():
    assert choose(CARD, ()) == Choice()


def test_one_in_force_goes_before_our_own_that_is_not():
    assert chosen(requisite("1", "guid-a", "N"), requisite("2")) == ("2", [], [])


def test_ours_goes_before_one_without_a_mark_and_that_before_another_client_s():
    theirs, plain, ours = requisite("1", "guid-b"), requisite("2"), requisite("3", "guid-a")
    assert chosen(theirs, plain, ours) == ("3", [], [])
    assert chosen(theirs, plain) == ("2", [], [])


def test_of_several_without_a_mark_the_oldest_is_taken_and_the_others_may_be_meant():
    rows = [requisite("10"), requisite("9", None), requisite("11")]
    assert chosen(*rows) == ("9", ["10", "11"], [])
    choice = choose(CARD, rows)
    assert choice.parts(choice.own) == {"unmarked": "Y"}


def test_of_another_system_s_none_is_marked():
    choice = choose(CARD, [requisite("1", "shop-1"), requisite("2", "shop-2")])
    assert choice.parts(choice.own) == {}


def test_of_ours_the_newest_has_replaced_the_others():
    rows = [requisite("9", "guid-a"), requisite("10", "guid-a"), requisite("8", "guid-a", "N")]
    assert chosen(*rows) == ("10", [], ["9"])
    choice = choose(CARD, rows)
    assert choice.parts(choice.own) == {"former": "9"}


def test_where_none_is_in_force_nothing_is_put_in_order():
    rows = [requisite("1", "guid-a", "N"), requisite("2", "guid-a", "N")]
    choice = choose(CARD, rows)
    assert (choice.own["ID"], choice.parts(choice.own)) == ("2", {})
