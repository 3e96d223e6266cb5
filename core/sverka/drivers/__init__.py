"""Who does it: drivers run any flow, each with one scheduler that alone touches the journal."""
