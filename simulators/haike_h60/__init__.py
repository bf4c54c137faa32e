"""The terminal haike-h60, after the web instructions for terminals of 海科融通; its family is pmp."""
