/* SPDX-License-Identifier: MIT */
/*
 * libgit2 without its network, where it is linked from its archive. Debian's starts TLS by reading all certificates (4 ms
 * of every command) and draws 17 libraries in; a desk works on local repositories, and sync leaves the wire to git. These
 * stand in for the members of the archive that would bring TLS, SSH and HTTP; the linker then takes none of them.
 */
#include <stdbool.h>
#include <stddef.h>

#define NO_NETWORK (-1)

int git_mbedtls_stream_global_init(void);
int git_mbedtls__set_cert_location(const char *file, const char *path);
int git_transport_ssh_global_init(void);
int git_tls_stream_new(void **out, const char *host, const char *port);
int git_tls_stream_wrap(void **out, void *in, const char *host);
int git_smart_subtransport_http(void **out, void *owner, void *param);
int git_smart_subtransport_ssh(void **out, void *owner, void *param);
extern bool git_http__expect_continue;

bool git_http__expect_continue;

int git_mbedtls_stream_global_init(void)
{
	return 0;
}

int git_transport_ssh_global_init(void)
{
	return 0;
}

int git_mbedtls__set_cert_location(const char *file, const char *path)
{
	return NO_NETWORK;
}

int git_tls_stream_new(void **out, const char *host, const char *port)
{
	*out = NULL;
	return NO_NETWORK;
}

int git_tls_stream_wrap(void **out, void *in, const char *host)
{
	*out = NULL;
	return NO_NETWORK;
}

int git_smart_subtransport_http(void **out, void *owner, void *param)
{
	*out = NULL;
	return NO_NETWORK;
}

int git_smart_subtransport_ssh(void **out, void *owner, void *param)
{
	*out = NULL;
	return NO_NETWORK;
}
