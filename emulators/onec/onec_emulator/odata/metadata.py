"""`$metadata`: the EDMX of a configuration, in the order in which 1C writes it."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from onec_emulator.schemas import Configuration, EntitySet, Field, virtual

NAMESPACE = "StandardODATA"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx">'
    '<edmx:DataServices xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"'
    ' m:DataServiceVersion="3.0" m:MaxDataServiceVersion="3.0">'
    f'<Schema xmlns="http://schemas.microsoft.com/ado/2009/11/edm" Namespace="{NAMESPACE}">'
)
TAIL = "</Schema></edmx:DataServices></edmx:Edmx>"
QUALIFIERS = {
    "NumberQualifiers": {
        "AllowedSign": "Edm.String",
        "Digits": "Edm.Int16",
        "FractionDigits": "Edm.Int16",
    },
    "StringQualifiers": {"AllowedLength": "Edm.String", "Length": "Edm.Int64"},
    "DateQualifiers": {"DateFractions": "Edm.String"},
    "BinaryDataQualifiers": {"AllowedLength": "Edm.String", "Length": "Edm.Int64"},
}
COMPLEX_TYPES: Mapping[str, Mapping[str, str]] = {
    "TypeDescription": {
        "Types": "Collection(Edm.String)",
        **{name: f"{NAMESPACE}.{name}" for name in QUALIFIERS},
    },
    **QUALIFIERS,
    "PointInTime": {"Ref": "Edm.String", "Date": "Edm.DateTime"},
}
"""What each base declares, pavel-v-sobolev/cdc-1c: tests/responses/trade_demo_8.5."""
ENUMERATIONS = (
    ("AccountType", ("Active", "ActivePassive", "Passive")),
    ("AccountingRecordType", ("Credit", "Debit")),
    ("AccumulationRecordType", ("Expense", "Receipt")),
    ("AllowedSign", ("Any", "Nonnegative")),
    ("AllowedLength", ("Fixed", "Variable")),
    ("DateFractions", ("Date", "DateTime", "Time")),
    ("AllowedLength", ("Fixed", "Variable")),
)
"""The platform's own, one of them twice; those of a configuration are in no `$metadata`."""
REFERENCE = '<Property Name="Ref_Key" Type="Edm.Guid" Nullable="false"/>'


@lru_cache(maxsize=8)
def edmx(configuration: Configuration) -> bytes:
    """The whole document as bytes."""
    sets = configuration.published.values()
    parts = [part for entity in sets for part in _part_types(configuration, entity)]
    linked = [
        (name, *pair)
        for entity in sets
        for name, fields in ((entity.name, entity.fields), *_part_fields(entity))
        for pair in configuration.links(fields)
    ]
    pieces = [
        HEAD,
        *(_entity_type(configuration, entity) for entity in sets),
        *(entity_type for entity_type, _ in parts),
        *(_complex_type(name, types) for name, types in COMPLEX_TYPES.items()),
        *(complex_type for _, complex_type in parts),
        *map(_totals, sets),
        *(_association(*link) for link in linked),
        *(_enumeration(name, members) for name, members in ENUMERATIONS),
        _container(configuration),
        TAIL,
    ]
    return "".join(pieces).encode()


def part_sets(entity: EntitySet) -> Iterable[str]:
    return (entity.part_set(part) for part in entity.parts)


def _part_fields(entity: EntitySet) -> Iterable[tuple[str, Mapping[str, Field]]]:
    return ((entity.part_set(part), columns) for part, columns in entity.parts.items())


def _entity_type(configuration: Configuration, entity: EntitySet) -> str:
    collections = "".join(
        f'<Property Name="{part}" Type="Collection({NAMESPACE}.{entity.row_type(part)})"'
        f' Nullable="{"false" if entity.is_recorded else "true"}"/>'
        for part in entity.parts
    )
    navigations = _navigations(configuration, entity.name, entity.fields)
    body = _key(entity.key) + _properties(entity.fields, entity.key) + collections + navigations
    open_type = ' OpenType="true"' if _has_composite(entity.fields) else ""
    return f'<EntityType Name="{entity.name}"{open_type}>{body}</EntityType>'


def _navigations(configuration: Configuration, name: str, fields: Mapping[str, Field]) -> str:
    return "".join(
        f'<NavigationProperty Name="{navigation}"'
        f' Relationship="{NAMESPACE}.{name}_{navigation}" FromRole="Begin" ToRole="End"/>'
        for navigation, _ in configuration.links(fields)
    )


def _part_types(configuration: Configuration, entity: EntitySet) -> Iterable[tuple[str, str]]:
    for part, columns in entity.parts.items():
        name, row_type, key = entity.part_set(part), entity.row_type(part), entity.part_key
        open_type = ' OpenType="true"' if _has_composite(columns) else ""
        properties = ("" if entity.is_recorded else REFERENCE) + _properties(columns, key)
        yield (
            f'<EntityType Name="{name}"{open_type}>{_key(key)}{properties}'
            f"{_navigations(configuration, name, columns)}</EntityType>",
            f'<ComplexType Name="{row_type}">{properties}</ComplexType>',
        )


def _complex_type(name: str, types: Mapping[str, str]) -> str:
    properties = "".join(
        f'<Property Name="{inner}" Type="{edm}" Nullable="false"/>' for inner, edm in types.items()
    )
    return f'<ComplexType Name="{name}">{properties}</ComplexType>'


def _key(names: Iterable[str]) -> str:
    references = "".join(f'<PropertyRef Name="{name}"/>' for name in names)
    return f"<Key>{references}</Key>"


def _properties(fields: Mapping[str, Field], key: Iterable[str]) -> str:
    required = set(key)
    return "".join(
        f'<Property Name="{field.name}" Type="{field.edm}"'
        f' Nullable="{"false" if field.name in required else "true"}"/>'
        for field in fields.values()
    )


def _has_composite(fields: Mapping[str, Field]) -> bool:
    return any(f"{name}_Type" in fields for name in fields)


def _enumeration(name: str, members: Iterable[str]) -> str:
    inner = "".join(f'<Member Name="{member}"/>' for member in members)
    return f'<EnumType Name="{name}" UnderlyingType="Edm.Int32">{inner}</EnumType>'


def _association(name: str, navigation: str, target: str) -> str:
    return (
        f'<Association Name="{name}_{navigation}">'
        f'<End Role="Begin" Type="{NAMESPACE}.{name}" Multiplicity="*"/>'
        f'<End Role="End" Type="{NAMESPACE}.{target}" Multiplicity="0..1"/></Association>'
    )


def _container(configuration: Configuration) -> str:
    names = [
        name
        for entity in configuration.published.values()
        for name in (entity.name, *part_sets(entity))
    ]
    sets = "".join(f'<EntitySet Name="{name}" EntityType="{NAMESPACE}.{name}"/>' for name in names)
    functions = "".join(
        _function(name, entity)
        for entity in configuration.published.values()
        for name in entity.virtual_tables
    )
    functions += "".join(
        _posting(name, entity)
        for entity in configuration.published.values()
        for name in ("Post", "Unpost")
        if entity.is_document
    )
    return (
        '<EntityContainer Name="EnterpriseV8" m:IsDefaultEntityContainer="true">'
        f"{sets}{functions}</EntityContainer>"
    )


def _function(name: str, entity: EntitySet) -> str:
    kind = virtual.return_type(entity, name)
    # Slices are functions of the records, balances and turnovers of the register.
    bound = kind if name in virtual.SLICES else entity.name
    parameters = {one: _parameter_type(one) for one in virtual.parameters(entity, name)}
    declared = "".join(
        f'<Parameter Name="{parameter}" Type="{edm}"/>'
        for parameter, edm in {
            "bindingParameter": f"{NAMESPACE}.{bound}",
            **parameters,
        }.items()
    )
    return (
        f'<FunctionImport Name="{name}" IsBindable="true" IsSideEffecting="false"'
        f' ReturnType="Collection({NAMESPACE}.{kind})">{declared}</FunctionImport>'
    )


def _posting(name: str, entity: EntitySet) -> str:
    return (
        f'<FunctionImport Name="{name}" IsBindable="true" IsSideEffecting="true">'
        f'<Parameter Name="bindingParameter" Type="{NAMESPACE}.{entity.name}"/>'
        '<Parameter Name="PostingModeOperational" Type="Edm.Boolean"/></FunctionImport>'
    )


def _parameter_type(name: str) -> str:
    return "Edm.DateTime" if name in virtual.MOMENTS else "Edm.String"


def _totals(entity: EntitySet) -> str:
    """Types of the rows that balances and turnovers of a register have.

    Turnovers are declared with periods and recorder, which a call without them does not show.
    """
    pieces = []
    for name in entity.virtual_tables:
        if name in virtual.SUFFIXES:
            schema = virtual.row_schema(entity, name)
            own = {one: field for one, field in schema.fields.items() if one in schema.key}
            totals = {one: field for one, field in schema.fields.items() if one not in own}
            periods = virtual.PERIODS if "Turnovers" in name else {}
            properties = _properties({**own, **periods, **totals}, ())
            pieces.append(f'<ComplexType Name="{schema.name}">{properties}</ComplexType>')
    return "".join(pieces)
