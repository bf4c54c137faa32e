"""The terminal lakala-l300, after the web instructions for terminals of 拉卡拉; its family is pmp."""
