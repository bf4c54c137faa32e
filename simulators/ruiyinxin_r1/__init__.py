"""The mini terminal ruiyinxin-r1 of 瑞银信, whose screen and keys no line reaches; its family is pmp."""
