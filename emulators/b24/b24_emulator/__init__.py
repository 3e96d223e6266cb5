"""A Bitrix24 portal that runs on a laptop: state, rules and methods; the door is the kit's."""
