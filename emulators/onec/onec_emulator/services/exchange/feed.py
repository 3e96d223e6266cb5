"""`/changes`: the exchange plan's own change table, as messages of JSON.

What OData's SelectChanges and NotifyChangesReceived do: a message carries what was registered and
not received yet, and comes again until it is confirmed; a write in between is not lost.
"""

from onec_emulator.books import RecordUnknown
from onec_emulator.schemas import Row
from onec_emulator.services import Answer, Call
from onec_emulator.services.exchange.routes import COUNT, TEXT, Refused, Route, Schema, body_of

NUMBER_MAX = 10**18 - 1


def show(call: Call) -> Answer:
    """The nodes of the plan with their numbers, and how much waits for each."""
    books = call.base.books
    nodes = [row for row in books.tables[call.base.plan].rows.values() if not row["ThisNode"]]
    return Answer.json(
        {
            "nodes": [
                {
                    "node": row["Code"],
                    "sent": int(row["SentNo"]),
                    "received": int(row["ReceivedNo"]),
                    "waiting": sum(1 for _ in books.plan.waiting(row["Ref_Key"])),
                }
                for row in nodes
            ]
        }
    )


def select(call: Call) -> Answer:
    """Stamp what waits with the message's number and show it as it is now."""
    body, books = body_of(call), call.base.books
    node = _node(call, body)
    number = _number(body, default=int(node["ReceivedNo"]) + 1)
    sets = body.get("sets")
    if sets is not None and (not isinstance(sets, list) or set(map(str, sets)) - set(books.tables)):
        remedy = "Передайте список имён наборов базы или не передавайте ничего."
        raise Refused(400, "Таких наборов нет.", thing="sets", value=sets, remedy=remedy)
    chosen = books.plan.select(node["Ref_Key"], number, sets)
    books.note_node(node["Ref_Key"], SentNo=number)
    items = [_change(call, entity, key) for entity, key in chosen]
    return Answer.json({"node": node["Code"], "message": number, "items": items})


def confirm(call: Call) -> Answer:
    """Forget what was sent under this number or a lower one."""
    body, books = body_of(call), call.base.books
    node, number = _node(call, body), _number(body, default=None)
    sent = int(node["SentNo"])
    if number > sent:
        remedy = f"Последнее отправленное: {sent}."
        text = f"Сообщение {number} не отправлялось."
        raise Refused(409, text, thing="message", value=number, remedy=remedy)
    books.plan.acknowledge(node["Ref_Key"], number)
    books.note_node(node["Ref_Key"], ReceivedNo=number)
    return Answer.json({"node": node["Code"], "received": number})


def _change(call: Call, entity: str, key: str) -> Row:
    books = call.base.books
    schema, row = books.schema(entity), books.tables[entity].rows.get(key)
    if row is None and schema.is_recorded:
        # A recorder without records is an empty set, nothing deleted.
        row = {**schema.blank, **schema.recorder_of(key)}
    if row is not None:
        books.ledger.read(call.actor, entity, key, books.clock.now_s())
    return {"set": entity, "key": key, "deleted": row is None, "fields": row}


def _node(call: Call, body: Row) -> Row:
    """The node's record.

    Raises:
        Refused: There is none with such a code, or it is the base itself.
    """
    code, base = body.get("node"), call.base
    rows = base.books.tables[base.plan].rows
    try:
        row = rows[base.node_key(str(code))]
    except RecordUnknown as unknown:
        known = ", ".join(row["Code"] for row in rows.values() if not row["ThisNode"])
        remedy = f"Узлы плана: {known}."
        raise Refused(
            404, f"Узла {code} нет.", thing="node", value=code, remedy=remedy
        ) from unknown
    if row["ThisNode"]:
        remedy = "Назовите узел другой системы."
        raise Refused(409, f"{code} - сама эта база.", thing="node", value=code, remedy=remedy)
    return row


def _number(body: Row, *, default: int | None) -> int:
    number = body.get("message", default)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number <= NUMBER_MAX:
        remedy = "Передайте целое число больше нуля."
        text = "Номер сообщения не принят."
        raise Refused(400, text, thing="message", value=number, remedy=remedy)
    return number


MESSAGE: Schema = {"type": "integer", "minimum": 1, "maximum": NUMBER_MAX}
NODES: Schema = {
    "type": "object",
    "properties": {
        "nodes": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"node": TEXT, "sent": COUNT, "received": COUNT, "waiting": COUNT},
                "required": ["node", "sent", "received", "waiting"],
            },
        }
    },
    "required": ["nodes"],
}
CHANGE: Schema = {
    "type": "object",
    "properties": {
        "set": TEXT,
        "key": TEXT,
        "deleted": {"type": "boolean"},
        "fields": {"type": ["object", "null"]},
    },
    "required": ["set", "key", "deleted", "fields"],
}
PACKET: Schema = {
    "type": "object",
    "properties": {"node": TEXT, "message": MESSAGE, "items": {"type": "array", "items": CHANGE}},
    "required": ["node", "message", "items"],
}
ORDER: Schema = {
    "type": "object",
    "properties": {
        "node": TEXT,
        "message": {**MESSAGE, "description": "Без него: следующий после принятого."},
        "sets": {"type": ["array", "null"], "items": TEXT, "description": "Только эти наборы."},
    },
    "required": ["node"],
}
RECEIPT: Schema = {
    "type": "object",
    "properties": {"node": TEXT, "message": MESSAGE},
    "required": ["node", "message"],
}
RECEIVED: Schema = {
    "type": "object",
    "properties": {"node": TEXT, "received": MESSAGE},
    "required": ["node", "received"],
}
ROUTES = (
    Route(
        verb="GET",
        path="/changes",
        name="listNodes",
        about="Узлы плана обмена, их номера сообщений и сколько изменений ждёт",
        handler=show,
        answers={200: NODES},
    ),
    Route(
        verb="POST",
        path="/changes",
        name="selectChanges",
        about="Выбрать изменения для узла: они приходят снова, пока не подтверждены",
        handler=select,
        body=ORDER,
        answers={200: PACKET},
        refusals=(404, 409),
        writes=True,
    ),
    Route(
        verb="POST",
        path="/changes/confirm",
        name="confirmChanges",
        about="Подтвердить приём: снять регистрацию отправленного до этого номера",
        handler=confirm,
        body=RECEIPT,
        answers={200: RECEIVED},
        refusals=(404, 409),
        writes=True,
    ),
)
