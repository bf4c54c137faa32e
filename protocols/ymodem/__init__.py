"""XMODEM-1K, YMODEM and YMODEM-G: what a terminal offers that cannot send its data in a family's own frames."""
