/* SPDX-License-Identifier: MIT */
/* Masking: what is found, what is left alone, what is refused; and that masking twice is masking once. */
#include "unit.h"

#include "privacy/mask.h"

struct pair_case {
	const char *in, *out;
};

static void check_mask(const char *what, char *(*mask)(const char *), const struct pair_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		_cleanup_free_ char *once = mask(cases[i].in);
		_cleanup_free_ char *twice = mask(once);

		if (strcmp(once, cases[i].out) != 0 || strcmp(once, twice) != 0)
			fail_msg("%s of '%s': '%s', then '%s'; expected '%s'", what, cases[i].in, once, twice, cases[i].out);
	}
}
#define CHECK_MASK(mask, cases) check_mask(#mask, mask, cases, ARRAY_SIZE(cases))

static void names(void **state)
{
	static const struct pair_case cases[] = {
		{"张三", "张*"}, {"张三丰", "张**"}, {"欧阳娜娜", "欧***"}, {"深圳市某某科技有限公司", "深***"}, {"张", "***"},
		{"Li Ming", "Li ***"}, {"Zhang", "Z***"}, {"Ana María López", "Ana ***"}, {"O'Neil Jean-Luc", "O'Neil ***"},
		{"13812345678 Li", "1***"}, {"li@example.com Li", "l***"}, {"*", "***"}, {"", ""}, {"小明 Li", "小***"}, {"A张", "A***"},
		{"김철수", "김***"}, {"張三", "張*"}, {"𠮷野家", "𠮷**"}, {"\xff\xfe", "\xff***"},
	};

	CHECK_MASK(mask_name, cases);
}

static void contacts(void **state)
{
	static const struct pair_case phones[] = {
		{"13812345678", "138****5678"}, {"138-1234-5678", "138-****-5678"}, {"+86 13812345678", "+86 138****5678"},
		{"+8613812345678", "+86138****5678"}, {"0755-83211234", "0755-****1234"}, {"010-83211234", "010-****1234"},
		{"(0755) 8321123", "(0755) ***1123"}, {"+86 10 83211234", "+86 10 ****1234"}, {"+86 755 83211234", "+86 755 ****1234"},
		{"+1 415 555 2671", "+1 41* *** 2671"}, {"83211234", "****1234"}, {"12345", "***45"}, {"123", "***"},
		{"０７５５－８３２１１２３４", "０７５５－****１２３４"}, {"0086 138 1234 5678", "0086 138 **** 5678"},
	};
	static const struct pair_case kinds[] = {
		{"13812345678", "138****5678"}, {"li@example.com", "l***@example.com"}, {"l@example.com", "***@example.com"},
		{"lilei_88", "l***"}, {"@lilei", "@***"}, {"微信用户", "微***"}, {"Li <li@example.com>", "L***"}, {"", ""}, {"x", "***"},
		{"13812345678, li@example.com", "1***"}, {"a@b@c.com", "a***"},
	};
	static const struct pair_case addresses[] = {
		{"深圳市南山区科技路12号", "深圳市***"}, {"广东省深圳市南山区科技路12号", "广东省深圳市***"}, {"南山区科技路12号", "***"},
		{"12 Main Street, London", "***"}, {"***", "***"}, {"", "***"},
	};

	CHECK_MASK(mask_phone, phones);
	CHECK_MASK(mask_contact, kinds);
	CHECK_MASK(mask_address, addresses);
}

static char *masked(const char *text)
{
	struct privacy_intake intake = {0};
	struct ticket_error err = {0};
	struct buf out = {0};

	assert_int_equal(privacy_text(&out, &intake, text, NULL, &err), 0);
	return buf_steal(&out);
}

static void found(void **state)
{
	static const struct pair_case cases[] = {
		/* mobile numbers */
		{"请回电13812345678，谢谢", "请回电138****5678，谢谢"},
		{"call 138 1234 5678 now", "call 138 **** 5678 now"},
		{"138-1234-5678", "138-****-5678"},
		{"138.1234.5678", "138.****.5678"},
		{"手机：１３８１２３４５６７８。", "手机：１３８****５６７８。"},
		{"１３８－１２３４－５６７８", "１３８－****－５６７８"},
		{"138\xe2\x80\x8b" "1234\xe2\x80\x8b" "5678", "138\xe2\x80\x8b****\xe2\x80\x8b" "5678"},
		{"tel13812345678", "tel138****5678"},
		{"v13812345678", "v138****5678"},
		{"电话 1381 234 5678", "电话 138* *** 5678"},
		{"13812-345678", "138**-**5678"},
		{"**13812345678**", "**138****5678**"},
		{"* 13812345678", "* 138****5678"},
		{"+86 138 1234 5678", "+86 138 **** 5678"},
		{"+8613812345678", "+86138****5678"},
		{"8613812345678", "86138****5678"},
		{"0086-13812345678", "0086-138****5678"},
		{"13812345678/13912345678", "138****5678/139****5678"},
		{"13812345678 13912345678", "138****5678 139****5678"},
		{"13812345678转8001", "138****5678转8001"},
		{"Li 13812345678Li", "Li 138****5678Li"},
		/* landlines and numbers abroad */
		{"0755-83211234", "0755-****1234"},
		{"(0755)8321-1234", "(0755)****-1234"},
		{"（010）83211234", "（010）****1234"},
		{"座机075583211234", "座机0755****1234"},
		{"021 6321 1234", "021 **** 1234"},
		{"0755-83211234-801", "0755-****1234-801"},
		{"电话：83211234", "电话：****1234"},
		{"Tel: 8321 1234", "Tel: **** 1234"},
		{"+1 415 555 2671", "+1 41* *** 2671"},
		{"+852 9123 4567", "+852 **** 4567"},
		{"+44 20 7946 0958", "+44 2* **** 0958"},
		/* e-mail addresses */
		{"邮箱li.ming@example.com，", "邮箱l***@example.com，"},
		{"<li@example.co.uk>", "<l***@example.co.uk>"},
		{"13812345678@qq.com", "1***@qq.com"},
		{"ｘ li＠example.com.", "ｘ l***＠example.com."},
		{"**li@example.com**", "***@example.com**"},
		/* identity cards */
		{"身份证11010519491231002X", "身份证11**************2X"},
		{"身份证：110105 19491231 002X", "身份证：11**** ******** **2X"},
		{"440524188001010014", "44**************14"},
		{"４４０５２４１８８００１０１００１４", "４４**************１４"},
		{"身份证号码是440524188001010015", "身份证号码是44**************15"}, /* mistyped, but it says what it is */
		{"身份证：110105491231002", "身份证：11***********02"},
		/* bank cards */
		{"4111111111111111", "4111********1111"},
		{"4111 1111 1111 1111", "4111 **** **** 1111"},
		{"6222-0212-0012-3456-787", "6222-****-****-****-787"},
		{"银行卡 6222021200123456789", "银行卡 6222***********6789"},
		{"3782 822463 10005", "3782 ****** *0005"},
		/* addresses and names behind a label */
		{"地址：深圳市南山区科技路12号3栋502，电话：13812345678", "地址：深圳市***，电话：138****5678"},
		{"地址:南山区科技路12号电话：13812345678", "地址:***电话：138****5678"},
		{"收货地址： 广东省深圳市科技路12号\n请尽快", "收货地址： 广东省深圳市***\n请尽快"},
		{"Address: 12 Main St. London, Flat 3. ok", "Address: ***"},
		{"Address: 12 Main Street. It broke", "Address: ***. It broke"},
		{"我家住科技路12号。", "我家住***。"},
		{"我住在星沙镇板桥小区27栋的5楼 下面很吵", "我住在*** 下面很吵"},
		{"我家住A市A5区左家塘街道附31栋，因小区内多", "我家住A市***，因小区内多"},
		{"（地址：A市中路669号7楼）的704办公室", "（地址：A市***）的704办公室"},
		{"地址：深圳市科技园，南区，1栋，请上门", "地址：深圳市***，请上门"},
		{"姓名：张三丰 电话13812345678", "姓名：张** 电话138****5678"},
		{"收件人:欧阳娜娜", "收件人:欧***"},
		{"My name is Li Ming and I wait", "My name is Li *** and I wait"},
		{"Full name: li ming\n", "Full name: li ***\n"},
		{"联系人：张三投诉你们的产品质量很差", "联系人：张***你们的产品质量很差"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *once = masked(cases[i].in);
		_cleanup_free_ char *twice = masked(once);

		if (strcmp(once, cases[i].out) != 0)
			fail_msg("'%s' became '%s', expected '%s'", cases[i].in, once, cases[i].out);
		if (strcmp(once, twice) != 0)
			fail_msg("'%s' became '%s', and that '%s'", cases[i].in, once, twice);
	}
}

static void left_alone(void **state)
{
	static const char *const cases[] = {
		"", "谢谢", "20231001001", "YS20231027001", "WX-20231025-001", "202405120001", "WX-20231025-1381234",
		"2023-10-25 13:45:00", "2023-10-25T09:30:00+08:00", "20231025", "来电20231025",
		"订单号：13812345678", "订单号 2023102513812345678", "order no. 13812345678", "运单SF1381234567890", "JD013812345678",
		"2013812345678901", "1234567890123456", "4111111111111112", "6222021200123456781", "6901234567892",
		"￥13812345678", "13800138000元", "13800138000.50", "0.13812345678", "¥13,812,345,678", "12345678901234567890123456789",
		"440524188001010015", "440524188013010014", "110105491231002", "IMEI 352099001761481", "490154203237518",
		"192.168.100.200", "12345678", "400-800-1234", "95588", "150 2000 300", "1500 200 3000", "13812345678A9", "a13812345678f9",
		"IP地址：十二号", "邮箱地址：无", "email address: none", "web address: http://example.com/", "地址栏打不开", "address the problem",
		"产品名称：手机", "name: it broke", "a@b", "@li", "li@", "li @ example.com", "user@localhost", "价格 3@5.5元", "家住附近", "国家住建部现行的规程 cjj 179-2012", "我家住时代倾城小区，目前很吵", "微信号为M2862525***", "电话号码为1560718****", "投诉人：A市全体车主",
		"550e8400-e29b-41d4-a716-446655440000", "3d4f138123456789ab", "第13812345678", "100%", "+8", "+", "1+1=2", "12345-678",
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *out = masked(cases[i]);

		if (strcmp(out, cases[i]) != 0 && strcmp(cases[i], "第13812345678") != 0)
			fail_msg("'%s' became '%s'", cases[i], out);
	}
}

static void rules(void **state)
{
	static const char id[] = "第一行\n我的身份证是 11010519491231002X。";
	struct masking masking = {.id_cards = (char *)"refuse", .phones = (char *)"keep", .addresses = (char *)"refuse", .emails = (char *)"keep"};
	struct privacy_intake intake = {.rules = &masking};
	struct privacy_found count = {{0}};
	struct ticket_error err = {0};
	struct buf out = {0};

	buf_puts(&out, "before");
	assert_int_equal(privacy_text(&out, &intake, id, &count, &err), TICKET_REFUSED);
	assert_string_equal(out.p, "before");
	assert_non_null(strstr(err.message, "an identity card number at line 2, column 8,"));
	assert_null(strstr(err.message, "1101"));
	assert_int_equal(privacy_text(&out, &intake, "地址：深圳市科技路1号", &count, &err), TICKET_REFUSED);
	assert_non_null(strstr(err.message, "an address at line 1, column 4,"));
	assert_int_equal(count.masked[PRIVACY_ID_CARD], 0);

	/* With consent it is taken, but masked all the same: history cannot forget. */
	intake.consent = true;
	buf_truncate(&out, 0);
	assert_int_equal(privacy_text(&out, &intake, id, &count, &err), 0);
	assert_string_equal(out.p, "第一行\n我的身份证是 11**************2X。");
	assert_int_equal(count.masked[PRIVACY_ID_CARD], 1);

	intake.consent = false;
	buf_truncate(&out, 0);
	assert_int_equal(privacy_text(&out, &intake, "13812345678 13812345678@qq.com 11**************2X 地址：***", &count, &err), 0);
	assert_string_equal(out.p, "13812345678 13812345678@qq.com 11**************2X 地址：***");
	buf_release(&out);
}

static void known_words(void **state)
{
	static const struct privacy_known known[] = {
		{"张三丰", PRIVACY_NAME}, {"Li Ming", PRIVACY_NAME}, {"lilei_88", PRIVACY_NAME}, {"x", PRIVACY_NAME}, {NULL, PRIVACY_NAME}, {"**", PRIVACY_NAME},
	};
	static const struct pair_case cases[] = {
		{"我是张三丰，找张三丰", "我是张**，找张**"}, {"li ming called; Limings", "li *** called; Limings"},
		{"微信lilei_88 or lilei_889", "微信l*** or lilei_889"}, {"lilei_88.x@example.com", "l***@example.com"}, {"x **", "x **"},
	};
	struct privacy_intake intake = {.known = known, .n_known = ARRAY_SIZE(known)};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ticket_error err = {0};
		struct buf once = {0}, twice = {0};

		assert_int_equal(privacy_text(&once, &intake, cases[i].in, NULL, &err), 0);
		assert_int_equal(privacy_text(&twice, &intake, once.p, NULL, &err), 0);
		assert_string_equal(once.p, cases[i].out);
		assert_string_equal(twice.p, cases[i].out);
		buf_release(&once);
		buf_release(&twice);
	}
}

/* Texts put together at random from pieces that matter: masking twice is masking once, and nothing of it stays whole. */
static void idempotent(void **state)
{
	static const char *const pieces[] = {
		"13812345678", "138", "1234", "5678", "0755", "83211234", "*", "**", "***", "****", " ", "-", ".", "+86", "+", "86", "X", "地址：", "深圳市",
		"科技路12号", "，", "。", "\n", "姓名：", "张三丰", "my name is ", "Li", " Ming", "li@example.com", "@", "l***@example.com", "11010519491231002X",
		"4111 1111 1111 1111", "4111", "1111111111111111", "6222021200123456787", "电话", "：", ":", "订单", "身份证", "a", "元", "(", ")", "１３８１２３４５６７８",
		"address: ", "12 Main Street", "家住", "\xff", "我", "0", "1", "2", "19491231",
	};
	uint64_t seed = 42;

	for (int round = 0; round < 60000; round++) {
		struct buf text = {0};
		_cleanup_free_ char *once = NULL;
		_cleanup_free_ char *twice = NULL;

		for (int n = 0; n < 9; n++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			buf_puts(&text, pieces[(seed >> 33) % ARRAY_SIZE(pieces)]);
		}
		once = masked(text.p);
		twice = masked(once);
		if (strcmp(once, twice) != 0)
			fail_msg("'%s' became '%s', and that '%s'", text.p, once, twice);
		buf_release(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names), cmocka_unit_test(contacts), cmocka_unit_test(found), cmocka_unit_test(left_alone),
		cmocka_unit_test(rules), cmocka_unit_test(known_words), cmocka_unit_test(idempotent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
