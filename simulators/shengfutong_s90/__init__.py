"""The terminal shengfutong-s90: a touch screen with soft keys, and a signature to be given on it; its family is pmp."""
