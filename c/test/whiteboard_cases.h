/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Made by tests/c/whiteboard.py: what the Python library does in each case. */

static const struct whiteboard_case whiteboard_cases[] = {
	{
		"none", WHITEBOARD_SET, 10, 13, 'x',
		2, {
			{ 'P', 0, 7, 'p', false },
			{ 'N', 16, 23, 'n', false },
		},
		3, {
			{ 'P', 0, 7, 'p', false },
			{ '+', 10, 13, 'x', false },
			{ 'N', 16, 23, 'n', false },
		},
	},
	{
		"1 left", WHITEBOARD_SET, 8, 11, 'p',
		2, {
			{ 'P', 0, 7, 'p', false },
			{ 'N', 16, 23, 'n', false },
		},
		2, {
			{ 'P', 0, 11, 'p', false },
			{ 'N', 16, 23, 'n', false },
		},
	},
	{
		"2 right", WHITEBOARD_SET, 12, 15, 'n',
		2, {
			{ 'P', 0, 7, 'p', false },
			{ 'N', 16, 23, 'n', false },
		},
		2, {
			{ 'P', 0, 7, 'p', false },
			{ 'N', 12, 23, 'n', false },
		},
	},
	{
		"3 both", WHITEBOARD_SET, 8, 15, 'a',
		2, {
			{ 'P', 0, 7, 'a', false },
			{ 'N', 16, 23, 'a', false },
		},
		1, {
			{ 'P', 0, 23, 'a', false },
		},
	},
	{
		"4 interior", WHITEBOARD_UPDATE, 12, 15, 'x',
		3, {
			{ 'P', 0, 7, 'p', false },
			{ 'M', 8, 19, 'm', false },
			{ 'N', 20, 27, 'n', false },
		},
		5, {
			{ 'P', 0, 7, 'p', false },
			{ 'M', 8, 11, 'm', false },
			{ '+', 12, 15, 'x', false },
			{ '+', 16, 19, 'm', false },
			{ 'N', 20, 27, 'n', false },
		},
	},
	{
		"5 in place", WHITEBOARD_UPDATE, 8, 19, 'x',
		3, {
			{ 'P', 0, 7, 'p', false },
			{ 'M', 8, 19, 'm', false },
			{ 'N', 20, 27, 'n', false },
		},
		3, {
			{ 'P', 0, 7, 'p', false },
			{ 'M', 8, 19, 'x', false },
			{ 'N', 20, 27, 'n', false },
		},
	},
	{
		"6 low edge", WHITEBOARD_UPDATE, 8, 11, 'x',
		3, {
			{ 'P', 0, 7, 'p', false },
			{ 'M', 8, 19, 'm', false },
			{ 'N', 20, 27, 'n', false },
		},
		4, {
			{ 'P', 0, 7, 'p', false },
			{ '+', 8, 11, 'x', false },
			{ 'M', 12, 19, 'm', false },
			{ 'N', 20, 27, 'n', false },
		},
	},
	{
		"6 high edge", WHITEBOARD_UPDATE, 16, 19, 'x',
		3, {
			{ 'P', 0, 7, 'p', false },
			{ 'M', 8, 19, 'm', false },
			{ 'N', 20, 27, 'n', false },
		},
		4, {
			{ 'P', 0, 7, 'p', false },
			{ 'M', 8, 15, 'm', false },
			{ '+', 16, 19, 'x', false },
			{ 'N', 20, 27, 'n', false },
		},
	},
	{
		"7 left part", WHITEBOARD_UPDATE, 8, 11, 'p',
		3, {
			{ 'P', 0, 7, 'p', false },
			{ 'M', 8, 19, 'm', false },
			{ 'N', 20, 27, 'n', false },
		},
		3, {
			{ 'P', 0, 11, 'p', false },
			{ 'M', 12, 19, 'm', false },
			{ 'N', 20, 27, 'n', false },
		},
	},
	{
		"8 left full", WHITEBOARD_UPDATE, 8, 19, 'p',
		3, {
			{ 'P', 0, 7, 'p', false },
			{ 'M', 8, 19, 'm', false },
			{ 'N', 20, 27, 'n', false },
		},
		2, {
			{ 'P', 0, 19, 'p', false },
			{ 'N', 20, 27, 'n', false },
		},
	},
	{
		"9 right part", WHITEBOARD_UPDATE, 16, 19, 'n',
		3, {
			{ 'P', 0, 7, 'p', false },
			{ 'M', 8, 19, 'm', false },
			{ 'N', 20, 27, 'n', false },
		},
		3, {
			{ 'P', 0, 7, 'p', false },
			{ 'M', 8, 15, 'm', false },
			{ 'N', 16, 27, 'n', false },
		},
	},
	{
		"10 right full", WHITEBOARD_UPDATE, 8, 19, 'n',
		3, {
			{ 'P', 0, 7, 'p', false },
			{ 'M', 8, 19, 'm', false },
			{ 'N', 20, 27, 'n', false },
		},
		2, {
			{ 'P', 0, 7, 'p', false },
			{ 'N', 8, 27, 'n', false },
		},
	},
	{
		"11 both", WHITEBOARD_UPDATE, 8, 19, 'a',
		3, {
			{ 'P', 0, 7, 'a', false },
			{ 'M', 8, 19, 'm', false },
			{ 'N', 20, 27, 'a', false },
		},
		1, {
			{ 'P', 0, 27, 'a', false },
		},
	},
	{
		"both, N pinned", WHITEBOARD_UPDATE, 8, 19, 'a',
		3, {
			{ 'P', 0, 7, 'a', false },
			{ 'M', 8, 19, 'm', false },
			{ 'N', 20, 27, 'a', true },
		},
		2, {
			{ 'P', 0, 19, 'a', false },
			{ 'N', 20, 27, 'a', true },
		},
	},
	{
		"both, M pinned", WHITEBOARD_UPDATE, 8, 19, 'a',
		3, {
			{ 'P', 0, 7, 'a', false },
			{ 'M', 8, 19, 'm', true },
			{ 'N', 20, 27, 'a', false },
		},
		3, {
			{ 'P', 0, 7, 'a', false },
			{ 'M', 8, 19, 'a', true },
			{ 'N', 20, 27, 'a', false },
		},
	},
};
