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
}
"""What each base declares, pavel-v-sobolev/cdc-1c: tests/responses/trade_demo_8.5."""
REFERENCE = '<Property Name="Ref_Key" Type="Edm.Guid" Nullable="false"/>'


@lru_cache(maxsize=8)
def edmx(configuration: Configuration) -> bytes:
    """The whole document as bytes."""
    sets = configuration.published.values()
    parts = [part for entity in sets for part in _part_types(entity)]
    pieces = [
        HEAD,
        *(_entity_type(configuration, entity) for entity in sets),
        *(entity_type for entity_type, _ in parts),
        *(_complex_type(name, types) for name, types in COMPLEX_TYPES.items()),
        *(complex_type for _, complex_type in parts),
        *map(_totals, sets),
        *(
            _association(entity, *pair)
            for entity in sets
            for pair in configuration.navigations(entity)
        ),
        _container(configuration),
        TAIL,
    ]
    return "".join(pieces).encode()


def part_sets(entity: EntitySet) -> Iterable[str]:
    return (entity.part_set(part) for part in entity.parts)


def _entity_type(configuration: Configuration, entity: EntitySet) -> str:
    collections = "".join(
        f'<Property Name="{part}"'
        f' Type="Collection({NAMESPACE}.{entity.row_type(part)})" Nullable="false"/>'
        for part in entity.parts
    )
    navigations = "".join(
        f'<NavigationProperty Name="{navigation}"'
        f' Relationship="{NAMESPACE}.{entity.name}_{navigation}" FromRole="Begin" ToRole="End"/>'
        for navigation, _ in configuration.navigations(entity)
    )
    body = _key(entity.key) + _properties(entity.fields, entity.key) + collections + navigations
    open_type = ' OpenType="true"' if _has_composite(entity.fields) else ""
    return f'<EntityType Name="{entity.name}"{open_type}>{body}</EntityType>'


def _part_types(entity: EntitySet) -> Iterable[tuple[str, str]]:
    for part, columns in entity.parts.items():
        name, row_type, key = entity.part_set(part), entity.row_type(part), entity.part_key
        open_type = ' OpenType="true"' if _has_composite(columns) else ""
        properties = ("" if entity.is_recorded else REFERENCE) + _properties(columns, key)
        yield (
            f'<EntityType Name="{name}"{open_type}>{_key(key)}{properties}</EntityType>',
            f'<ComplexType Name="{row_type}"{open_type}>{properties}</ComplexType>',
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


def _association(entity: EntitySet, navigation: str, target: str) -> str:
    name = f"{entity.name}_{navigation}"
    return (
        f'<Association Name="{name}">'
        f'<End Role="Begin" Type="{NAMESPACE}.{entity.name}" Multiplicity="*"/>'
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
    return (
        '<EntityContainer Name="EnterpriseV8" m:IsDefaultEntityContainer="true">'
        f"{sets}{functions}</EntityContainer>"
    )


def _function(name: str, entity: EntitySet) -> str:
    parameters = {parameter: _parameter_type(parameter) for parameter in virtual.PARAMETERS[name]}
    declared = "".join(
        f'<Parameter Name="{parameter}" Type="{edm}"/>'
        for parameter, edm in {
            "bindingParameter": f"{NAMESPACE}.{entity.name}",
            **parameters,
        }.items()
    )
    kind = f"Collection({NAMESPACE}.{virtual.return_type(entity, name)})"
    return (
        f'<FunctionImport Name="{name}" IsBindable="true" IsSideEffecting="false"'
        f' ReturnType="{kind}">{declared}</FunctionImport>'
    )


def _parameter_type(name: str) -> str:
    return "Edm.DateTime" if name in virtual.MOMENTS else "Edm.String"


def _totals(entity: EntitySet) -> str:
    """Types of the rows that balances and turnovers of a register have."""
    schemas = (
        virtual.row_schema(entity, name)
        for name in entity.virtual_tables
        if name in virtual.SUFFIXES
    )
    return "".join(
        f'<ComplexType Name="{schema.name}">{_properties(schema.fields, ())}</ComplexType>'
        for schema in schemas
    )
