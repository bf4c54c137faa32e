"""The terminal's side of pmp: ports, dispatch of commands, and what a device has to offer to them."""
