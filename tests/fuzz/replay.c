/* SPDX-License-Identifier: MIT */
/* Runs a fuzzer over the files of the folders named, whole and cut at many places: its corpus as an ordinary test. */
#include "ticket/buf.h"

#include <dirent.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CUTS 64

static size_t replay_file(const char *path)
{
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	_cleanup_buf_ struct buf text = {0};
	char chunk[4096];
	size_t n, step;

	if (!f)
		return 0;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(&text, chunk, n);
	LLVMFuzzerTestOneInput((const uint8_t *)(text.p ? text.p : ""), text.n);
	step = text.n / CUTS + 1;
	for (size_t end = 0; end < text.n; end += step) {
		/* A copy of its own, so that a sanitizer sees every read past its end. */
		_cleanup_free_ uint8_t *copy = xmalloc(end + 1);

		memcpy(copy, text.p, end);
		copy = xrealloc(copy, end ? end : 1);
		LLVMFuzzerTestOneInput(copy, end);
	}
	return 1;
}

int main(int argc, char **argv)
{
	size_t files = 0;

	for (int i = 1; i < argc; i++) {
		DIR *dir = opendir(argv[i]);
		const struct dirent *entry;

		while (dir && (entry = readdir(dir))) {
			_cleanup_free_ char *path = xasprintf("%s/%s", argv[i], entry->d_name);

			if (*entry->d_name != '.')
				files += replay_file(path);
		}
		if (dir)
			closedir(dir);
	}
	printf("%zu files\n", files);
	return files ? 0 : 1;
}
