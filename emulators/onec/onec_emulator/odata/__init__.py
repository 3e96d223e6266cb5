"""The standard OData interface of 1C: addresses, options, filters, bodies, operations."""
