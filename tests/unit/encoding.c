/* SPDX-License-Identifier: MIT */
/* Encodings: what is detected, what is refused and where. */
#include "unit.h"

#include "exchange/encoding.h"

#define TEXT(literal) literal, sizeof(literal) - 1

static void decodes(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *encoding, *text, *used;
	} cases[] = {
		{TEXT(""), NULL, "", "utf-8"},
		{TEXT("plain\r\n"), NULL, "plain\r\n", "utf-8"},
		{TEXT("\xef\xbb\xbf退款"), NULL, "退款", "utf-8"},
		{TEXT("\xef\xbb\xbf退款"), "utf-8", "退款", "utf-8"},
		{TEXT("退款 👨"), "auto", "退款 👨", "utf-8"},
		{TEXT("\xcd\xcb\xbf\xee\n\xbf\xec"), NULL, "退款\n快", "gb18030"},
		{TEXT("\xcd\xcb\xbf\xee"), "GBK", "退款", "GBK"},
		{TEXT("\x81\x30\x81\x30"), NULL, "\xc2\x80", "gb18030"}, /* the form of four bytes */
		{TEXT("caf\xe9"), "windows-1252", "café", "windows-1252"},
		{TEXT("\xff\xfe\x00\x90\x3e\x6b"), NULL, "退款", "utf-16"},
		{TEXT("\xfe\xff\x90\x00\x6b\x3e"), NULL, "退款", "utf-16"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ticket_error err = {0};
		struct buf out = {0};
		const char *used;

		if (text_decode(&out, cases[i].bytes, cases[i].n, cases[i].encoding, "f", &used, &err))
			fail_msg("case %zu: %s", i, err.message);
		assert_string_equal(used, cases[i].used);
		assert_string_equal(out.p ? out.p : "", cases[i].text);
		buf_release(&out);
	}
}

static void refuses(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *encoding, *message;
	} cases[] = {
		{TEXT("a,b\n1,caf\xe9 x\n"), NULL, "f:2: byte 10 of the file (0xe9) is neither UTF-8 nor GB18030; name the encoding with --encoding"},
		/* UTF-8 cut in a character, or with one byte lost, must not come out as Chinese rubbish */
		{TEXT("退款退款\n退款退款\n退\xe6\xac"), NULL, "f:3: byte 30 of the file (0xe6) is not UTF-8, though the rest is; mend it, or name the encoding with --encoding"},
		{TEXT("a\n\xff"), "utf-8", "f:2: byte 3 of the file (0xff) is not utf-8"},
		{TEXT("a\n\xcd"), "gb18030", "f:2: byte 3 of the file (0xcd) is not gb18030"},
		{TEXT("a"), "klingon", "'klingon' is no encoding known here; try utf-8, gb18030, gbk, big5, utf-16 or windows-1252"},
		{TEXT("\xef\xbb\xbf\xc0\xaf"), NULL, "f:1: byte 4 of the file (0xc0) is not UTF-8"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ticket_error err = {0};
		struct buf out = {0};

		assert_int_equal(text_decode(&out, cases[i].bytes, cases[i].n, cases[i].encoding, "f", NULL, &err), TICKET_USAGE);
		assert_string_equal(err.message, cases[i].message);
		buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(decodes), cmocka_unit_test(refuses)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
