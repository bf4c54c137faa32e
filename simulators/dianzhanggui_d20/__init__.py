"""The terminal dianzhanggui-d20, whose merchant's bindings are undone by the platform of 店掌柜; its family is pmp."""
