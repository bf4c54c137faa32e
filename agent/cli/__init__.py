"""The command line: reads what is asked, runs it, and says what happened in Chinese or English."""
