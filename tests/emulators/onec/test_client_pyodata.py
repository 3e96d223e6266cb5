"""pyodata as judge of `$metadata`: whatever its model does not accept whole is an error."""

import logging

import pytest
from pyodata.v2.model import Config, MetadataBuilder, ParserError, PolicyFatal, PolicyIgnore

from onec_emulator.coverage import PACKAGE
from onec_emulator.wording import WORDINGS

pytestmark = pytest.mark.clients


@pytest.fixture
def built(calling, caplog):
    """The configuration and the model that pyodata makes of its metadata."""

    def build(name):
        caplog.set_level(logging.WARNING, logger="pyodata.model")
        odata = calling(configuration=name)
        # Streams are of OData 3, and pyodata knows the types of OData 2: those alone it may drop.
        config = Config(
            default_error_policy=PolicyFatal(),
            custom_error_policies={ParserError.PROPERTY: PolicyIgnore()},
        )
        model = MetadataBuilder(odata.call("GET", "/$metadata").body, config=config).build()
        return odata.base.configuration, model

    return build


@pytest.mark.parametrize("name", WORDINGS)
def test_the_metadata_is_a_whole_model(built, name):
    configuration, model = built(name)
    types = {kind.name: kind for kind in model.entity_types}
    assert {each.name for each in model.entity_sets} == set(types)
    assert set(configuration.published) <= set(types)
    for entity, schema in configuration.published.items():
        declared = {prop.name: prop.typ.name for prop in types[entity].proprties()}
        fields = {
            field.name: field.edm.removeprefix("StandardODATA.")
            for field in schema.fields.values()
            if field.edm != "Edm.Stream"
        }
        assert fields.items() <= declared.items()
        assert tuple(prop.name for prop in types[entity].key_proprties) == tuple(schema.key)


@pytest.mark.parametrize("name", WORDINGS)
def test_every_navigation_ends_at_a_type_of_the_model(built, name, evidence):
    configuration, model = built(name)
    ends = {}
    for association in model.associations:
        ends[association.name] = [role.entity_type_name for role in association.end_roles]
    known = {kind.name for kind in model.entity_types}
    linked = 0
    for kind in model.entity_types:
        for navigation in kind.nav_proprties:
            assert set(ends[navigation.association_info.name]) <= known
            linked += 1
    assert linked > len(configuration.published) / 2
    evidence.has_shape(PACKAGE, "GET $metadata")
