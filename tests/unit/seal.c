/* SPDX-License-Identifier: MIT */
/* Sealing and keys: what is sealed opens with its key alone, tables survive killed writers, forgetting leaves nothing. */
#include "unit.h"

#include "privacy/customer.h"
#include "privacy/keys.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define UID_A "00112233445566778899aabbccddeeff"
#define UID_B "0011aaaaaaaaaaaaaaaaaaaaaaaaaaaa" /* in the same file as A */
#define UID_C "ff000000000000000000000000000000"

static int make_folder(void **state)
{
	char *folder = xstrdup("/tmp/unit-seal-XXXXXX/");

	folder[strlen(folder) - 1] = '\0';
	if (!mkdtemp(folder))
		return -1;
	*state = xasprintf("%s/", folder);
	free(folder);
	return seal_start(NULL);
}

static int drop_folder(void **state)
{
	_cleanup_free_ char *command = xasprintf("rm -rf '%s'", (char *)*state);
	int failed = system(command);

	free(*state);
	return failed;
}

static void seals(void **state)
{
	struct seal_key key, other;
	struct ticket_error err = {0};
	static const size_t sizes[] = {0, 1, 31, 255, 256, 257, 5000};
	char *plain;
	size_t n, length;

	seal_random(key.bytes, sizeof(key.bytes));
	seal_random(other.bytes, sizeof(other.bytes));
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		_cleanup_free_ char *text = xcalloc(1, sizes[i] + 1), *sealed, *again;

		memset(text, 'x', sizes[i]);
		sealed = seal(&key, "c", text, sizes[i], 256);
		again = seal(&key, "c", text, sizes[i], 256);
		assert_string_not_equal(sealed, again); /* a fresh nonce each time */
		assert_int_equal(seal_open(&key, "c", sealed, 256, &plain, &n, &err), 0);
		assert_int_equal(n, sizes[i]);
		assert_memory_equal(plain, text, n);
		seal_free(plain, n);
		assert_int_equal(seal_open(&other, "c", sealed, 256, &plain, &n, &err), TICKET_STORAGE);
		assert_int_equal(seal_open(&key, "d", sealed, 256, &plain, &n, &err), TICKET_STORAGE);
		length = strlen(sealed);
		for (size_t at = 0; at < length; at += 1 + length / 50) {
			char kept = sealed[at];

			sealed[at] = kept == 'A' ? 'B' : 'A';
			assert_int_equal(seal_open(&key, "c", sealed, 256, &plain, &n, &err), TICKET_STORAGE);
			assert_null(plain);
			sealed[at] = '\0';
			assert_int_equal(seal_open(&key, "c", sealed, 256, &plain, &n, &err), TICKET_STORAGE);
			sealed[at] = kept;
		}
	}
	/* Short and long names seal to the same length. */
	_cleanup_free_ char *brief = seal(&key, "c", "a", 1, 256), *wide = seal(&key, "c", brief, 200, 256);
	assert_int_equal(strlen(brief), strlen(wide));
}

static struct keys *open_keys(const char *folder)
{
	struct ticket_error err = {0};
	struct keys *keys;

	assert_int_equal(keys_open(&keys, folder, &err), 0);
	assert_non_null(keys);
	return keys;
}

static void put(struct keys *keys, const char *uid, char fill)
{
	struct seal_key key;

	memset(key.bytes, fill, sizeof(key.bytes));
	keys_put(keys, uid, &key);
}

static int first_byte(const struct keys *keys, const char *uid)
{
	struct seal_key key;

	return keys_get(keys, uid, &key, NULL) ? -1 : key.bytes[0];
}

static void keeps_keys(void **state)
{
	const char *folder = *state;
	_cleanup_keys_ struct keys *keys = NULL, *again = NULL;
	_cleanup_free_ char *path = xasprintf("%sdesk.key", folder);
	struct ticket_error err = {0};
	struct stat stat_buf;

	assert_int_equal(keys_open(&keys, folder, &err), 0);
	assert_null(keys);
	assert_int_equal(keys_new(&keys, folder, &err), 0);
	put(keys, UID_A, 'a');
	put(keys, UID_B, 'b');
	assert_int_equal(first_byte(keys, UID_A), 'a'); /* seen before it is on disk */
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(keys_flush(keys, &err), 0);
	assert_int_equal(stat(path, &stat_buf), 0);
	assert_int_equal(stat_buf.st_mode & 0777, 0600);
	again = open_keys(folder);
	assert_string_equal(keys_id(keys), keys_id(again));
	assert_int_equal(first_byte(again, UID_A), 'a');
	put(again, UID_A, 'A');
	put(again, UID_C, 'c');
	assert_int_equal(keys_flush(again, &err), 0);
	assert_int_equal(first_byte(keys, UID_A), 'A'); /* the last one counts */
	assert_int_equal(first_byte(keys, UID_B), 'b');
	assert_int_equal(first_byte(keys, UID_C), 'c');
	assert_int_equal(keys_get(keys, "12345678901234567890123456789012", &(struct seal_key){{0}}, &err), TICKET_NOTFOUND);
}

static void finds_contacts(void **state)
{
	_cleanup_keys_ struct keys *keys = open_keys(*state);
	_cleanup_free_ char *uid = NULL, *number = NULL, *none = NULL, *nothing = NULL;
	struct ticket_error err = {0};

	keys_learn(keys, "13812345678", UID_A, "C000001");
	keys_learn(keys, "li@example.com", UID_A, "C000001");
	keys_learn(keys, "other", UID_B, "C000002");
	assert_int_equal(keys_flush(keys, &err), 0);
	assert_int_equal(keys_find(keys, "13812345678", &uid, &number, &err), 0);
	assert_string_equal(uid, UID_A);
	assert_string_equal(number, "C000001");
	assert_int_equal(keys_find(keys, "13812345679", &none, &nothing, &err), 0);
	assert_null(none);
}

static void drops(void **state)
{
	_cleanup_keys_ struct keys *keys = open_keys(*state);
	_cleanup_free_ char *none = NULL, *nothing = NULL, *uid = NULL, *number = NULL, *path = NULL, *bytes = NULL;
	struct ticket_error err = {0};
	size_t n;

	assert_int_equal(keys_drop(keys, UID_A, &err), 0);
	assert_int_equal(first_byte(keys, UID_A), -1);
	assert_int_equal(first_byte(keys, UID_B), 'b');
	assert_int_equal(keys_find(keys, "13812345678", &none, &nothing, &err), 0);
	assert_null(none);
	assert_int_equal(keys_find(keys, "other", &uid, &number, &err), 0);
	assert_string_equal(number, "C000002");
	/* Both lines that A ever had are overwritten where they stood. */
	path = xasprintf("%skeys/%s/seal/00", (char *)*state, keys_id(keys));
	assert_int_equal(private_read(path, &bytes, &n, &err), 0);
	assert_null(strstr(bytes, UID_A));
	assert_int_equal(n, 3 * 130);
	assert_int_equal(keys_drop(keys, UID_A, &err), 0);
}

/* A writer was killed in the middle of a line: what is whole counts, and the next writer mends it. */
static void torn(void **state)
{
	_cleanup_keys_ struct keys *keys = open_keys(*state);
	_cleanup_free_ char *path = xasprintf("%skeys/%s/seal/00", (char *)*state, keys_id(keys));
	struct ticket_error err = {0};
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

	assert_int_equal(write(fd, UID_A " half", 37), 37);
	close(fd);
	assert_int_equal(first_byte(keys, UID_A), -1);
	assert_int_equal(first_byte(keys, UID_B), 'b');
	put(keys, UID_A, 'n');
	assert_int_equal(keys_flush(keys, &err), 0);
	assert_int_equal(first_byte(keys, UID_A), 'n');
	assert_int_equal(first_byte(keys, UID_B), 'b');
}

static void wrong_desk_key(void **state)
{
	_cleanup_keys_ struct keys *keys = open_keys(*state), *other = NULL;
	_cleanup_free_ char *path = xasprintf("%sdesk.key", (char *)*state), *bytes = NULL;
	struct ticket_error err = {0};
	size_t n;

	assert_int_equal(private_read(path, &bytes, &n, &err), 0);
	assert_int_equal(private_write(path, bytes, n - 5, &err), 0);
	assert_int_equal(keys_open(&other, *state, &err), TICKET_STORAGE);
	assert_null(other);
	assert_int_equal(private_write(path, bytes, n, &err), 0);
	other = open_keys(*state);
	assert_int_equal(first_byte(other, UID_B), 'b');
}

static void shares(void **state)
{
	_cleanup_keys_ struct keys *keys = open_keys(*state), *got = NULL;
	_cleanup_free_ char *text = NULL, *folder = xasprintf("%selsewhere/", (char *)*state), *uid = NULL, *number = NULL;
	struct ticket_error err = {0};

	assert_int_equal(keys_share(keys, "short", &text, &err), TICKET_REFUSED);
	assert_int_equal(keys_share(keys, "a passphrase of length", &text, &err), 0);
	assert_null(strstr(text, UID_B));
	assert_int_equal(keys_receive(&got, folder, text, "another passphrase", &err), TICKET_REFUSED);
	assert_int_equal(keys_receive(&got, folder, "ticket keys 1\nshort\n", "a passphrase of length", &err), TICKET_STORAGE);
	assert_int_equal(keys_receive(&got, folder, text, "a passphrase of length", &err), 0);
	assert_int_equal(first_byte(got, UID_B), 'b');
	assert_int_equal(keys_find(got, "other", &uid, &number, &err), 0);
	assert_string_equal(number, "C000002");
	assert_int_equal(keys_flush(got, &err), 0);
	keys_close(got);
	got = open_keys(folder);
	assert_int_equal(first_byte(got, UID_B), 'b');
	assert_int_equal(keys_retire(got, &err), 0);
	assert_int_equal(first_byte(got, UID_B), -1);
}

static void contacts_compare(void **state)
{
	static const char *const same[][2] = {
		{"13812345678", "+86 138-1234-5678"}, {"13812345678", "0086 13812345678"}, {"13812345678", "8613812345678"}, {"13812345678", "１３８１２３４５６７８"},
		{"138.1234.5678", "(138) 1234 5678"}, {"0755-83211234", "075583211234"}, {"Li@Example.COM", "li@example.com "}, {"LiLei_88", "lilei_88"},
		{"+44 20 7946 0958", "00442079460958"},
	};
	static const char *const different[][2] = {{"13812345678", "13812345679"}, {"86123456", "123456"}, {"li@a.com", "li@b.com"}, {"0012345", "12345"}};

	for (size_t i = 0; i < ARRAY_SIZE(same); i++) {
		_cleanup_free_ char *a = contact_canonical(same[i][0]), *b = contact_canonical(same[i][1]);

		if (strcmp(a, b) != 0)
			fail_msg("'%s' gives '%s', '%s' gives '%s'", same[i][0], a, same[i][1], b);
	}
	for (size_t i = 0; i < ARRAY_SIZE(different); i++) {
		_cleanup_free_ char *a = contact_canonical(different[i][0]), *b = contact_canonical(different[i][1]);

		assert_string_not_equal(a, b);
	}
	assert_null(contact_canonical("  "));
}

static void numbers(void **state)
{
	static const struct {
		const char *word;
		int64_t serial;
		const char *path;
	} cases[] = {
		{"C000001", 1, "customers/00/00/C000001.json"}, {"12", 12, "customers/00/00/C000012.json"}, {"c12345", 12345, "customers/01/23/C012345.json"},
		{"C1234567", 1234567, "customers/123/45/C1234567.json"}, {"", 0, NULL}, {"C", 0, NULL}, {"0", 0, NULL}, {"-1", 0, NULL}, {"1x", 0, NULL},
		{"../1", 0, NULL}, {"C99999999999999", 0, NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *path = customer_path(cases[i].word);

		assert_int_equal(customer_serial(cases[i].word), cases[i].serial);
		assert_true(text_equal(path, cases[i].path));
	}
}

static void customer_files(void **state)
{
	static const struct {
		const char *text, *message;
	} bad[] = {
		{"{\"format\":2,\"id\":\"C000001\",\"uid\":\"" UID_A "\",\"created\":\"2026-01-01T00:00:00Z\"}", "format"},
		{"{\"format\":1,\"id\":\"../x\",\"uid\":\"" UID_A "\",\"created\":\"2026-01-01T00:00:00Z\"}", "'../x' is no customer's number"},
		{"{\"format\":1,\"id\":\"C000001\",\"uid\":\"../../x\",\"created\":\"2026-01-01T00:00:00Z\"}", "32 hex digits"},
		{"{", "f.json"},
		{"", "f.json"},
	};
	struct customer customer = {.format = 1, .id = (char *)"C000001", .uid = (char *)UID_A, .created = {0, 0, true}};
	struct customer_person person = {.name = (char *)"张三丰", .phone = (char *)"13812345678", .notes = (char *)"a \"note\""}, back = {0};
	struct ticket_error err = {0};
	struct customer *read;
	struct buf text = {0};
	struct seal_key key;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(customer_parse(&read, bad[i].text, strlen(bad[i].text), "f.json", &err), TICKET_STORAGE);
		assert_non_null(strstr(err.message, bad[i].message));
	}
	seal_random(key.bytes, sizeof(key.bytes));
	customer_seal(&customer, &key, &person, NULL);
	customer_write(&customer, &text);
	assert_null(strstr(text.p, "张三丰"));
	assert_null(strstr(text.p, "13812345678"));
	assert_int_equal(customer_parse(&read, text.p, text.n, "f.json", &err), 0);
	assert_string_equal(read->display, "张**");
	assert_int_equal(customer_unseal(read, &key, &back, &err), 0);
	assert_string_equal(back.name, "张三丰");
	assert_string_equal(back.notes, "a \"note\"");
	assert_null(back.email);
	/* Another customer's seal does not open under this uid. */
	replace_text(&read->uid, UID_B);
	customer_person_release(&back);
	assert_int_equal(customer_unseal(read, &key, &back, &err), TICKET_STORAGE);
	customer_free(read);
	free(customer.sealed);
	free(customer.display);
	free(customer.contact);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seals), cmocka_unit_test(keeps_keys), cmocka_unit_test(finds_contacts), cmocka_unit_test(drops), cmocka_unit_test(torn),
		cmocka_unit_test(wrong_desk_key), cmocka_unit_test(shares), cmocka_unit_test(contacts_compare), cmocka_unit_test(numbers), cmocka_unit_test(customer_files),
	};

	if (seal_start(NULL)) {
		puts("built without libsodium: nothing to test");
		return 77;
	}
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
