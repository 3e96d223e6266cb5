"""What both emulators share: clock, trouble, record of calls, control plane, doors."""
