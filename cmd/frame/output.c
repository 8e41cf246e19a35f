/* SPDX-License-Identifier: MIT */
/* Output files: see output.h. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ticket/language.h"
#include "ticket/memory.h"

static int cannot(const char *what, const char *path, struct ticket_error *err)
{
	return ticket_fail(err, TICKET_STORAGE, what, path, language_errno(errno));
}

/* The mode of the file that is replaced, else what the umask leaves. */
static mode_t mode_of(const struct stat *st, int exists)
{
	mode_t mask;

	if (exists)
		return st->st_mode & 0777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

int output_open(struct output *output, const char *path, struct ticket_error *err)
{
	struct stat st;
	int exists, fd;

	*output = (struct output){0};
	if (strcmp(path, "-") == 0) {
		output->file = stdout;
		return 0;
	}
	output->path = realpath(path, NULL);
	exists = output->path && stat(output->path, &st) == 0;
	if (!output->path)
		output->path = xstrdup(path);
	if (exists && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return cannot(N_("cannot write '%s': %s"), path, err);
	}
	if (exists && !S_ISREG(st.st_mode)) {
		output->file = fopen(output->path, "we");
		return output->file ? 0 : cannot(N_("cannot write '%s': %s"), path, err);
	}
	output->temporary = xasprintf("%s.XXXXXX", output->path);
	fd = mkostemp(output->temporary, O_CLOEXEC);
	if (fd < 0) {
		output->temporary[0] = '\0';
		return cannot(N_("cannot write '%s': %s"), path, err);
	}
	fchmod(fd, mode_of(&st, exists));
	output->file = fdopen(fd, "w");
	return output->file ? 0 : cannot(N_("cannot write '%s': %s"), path, err);
}

static int put_in_place(struct output *output, struct ticket_error *err)
{
	if (fflush(output->file) || ferror(output->file))
		return cannot(N_("cannot write '%s': %s"), output->path, err);
	if (!output->temporary)
		return 0;
	if (fsync(fileno(output->file)) || rename(output->temporary, output->path))
		return cannot(N_("cannot write '%s': %s"), output->path, err);
	output->temporary[0] = '\0';
	return 0;
}

int output_close(struct output *output, int keep, struct ticket_error *err)
{
	int code = 0;

	if (output->file && output->file != stdout) {
		if (keep)
			code = put_in_place(output, err);
		fclose(output->file);
	}
	if (output->temporary && output->temporary[0])
		unlink(output->temporary);
	free(output->temporary);
	free(output->path);
	*output = (struct output){0};
	return code;
}

int output_private(const char *path, const char *bytes, size_t n, struct ticket_error *err)
{
	struct output output;
	int code = output_open(&output, path, err);

	if (code)
		return code;
	if (output.temporary && fchmod(fileno(output.file), 0600)) {
		code = cannot(N_("cannot protect '%s': %s"), path, err);
		output_close(&output, 0, NULL);
		return code;
	}
	fwrite(bytes, 1, n, output.file);
	return output_close(&output, 1, err);
}
