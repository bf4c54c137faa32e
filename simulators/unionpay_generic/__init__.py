"""The terminal unionpay-generic, after the web instructions for terminals with the menu of 银联; its family is pmp."""
