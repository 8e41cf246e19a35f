/* SPDX-License-Identifier: MIT */
/* Any bytes as a map: refused with a message, or used on a row whose cells are as hostile as can be. */
#include "exchange/map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(const struct map *map, const struct zone *zone, const char *cell)
{
	_cleanup_free_ struct cell *cells = xcalloc(map->columns.n, sizeof(*cells));
	const struct row row = {.line = 1, .cells = cells};
	const struct map_context context = {map, zone, 1777777777};
	struct fault fault = {0};
	_cleanup_free_ char *key = NULL;

	for (size_t i = 0; i < map->columns.n; i++)
		cells[i] = (struct cell){cell, i};
	map_key(&key, &context, &row, &fault);
	for (size_t i = 0; i < map->ticket.n; i++) {
		_cleanup_free_ char *text = NULL;
		struct texts list = {0};
		struct stamp at;

		if (map_text(&text, &map->ticket.v[i].value, &context, &row, &fault) && !*fault.err.message)
			abort();
		map_texts(&list, &map->ticket.v[i].value, &context, &row, &fault);
		map_time(&at, &map->ticket.v[i].value, &context, &row, &fault);
		texts_release(&list);
	}
	for (size_t i = 0; i < map->events.n; i++) {
		map_conditions_hold(map->events.v[i].when.v, map->events.v[i].when.n, &context, &row);
		map_conditions_hold(map->events.v[i].before.v, map->events.v[i].before.n, &context, NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const cells[] = {NULL, "", "?", "=1+1", "\n\t_x000D_\n", "\x1b[2J", "43563.35", "2019/4/25 9:32:09", "a;b;;c", "'=x", "\xff\xfe", "退款"};
	static struct zone *zone;
	_cleanup_map_ struct map *map = NULL;
	struct ticket_error err = {0};

	if (!zone && zone_open(&zone, "Asia/Shanghai", NULL))
		abort();
	if (map_read(&map, (const char *)data, size, "map.json", &err)) {
		if (map || !err.code || !*err.message)
			abort();
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
		use(map, zone, cells[i]);
	return 0;
}
