/* SPDX-License-Identifier: MIT */
/* Routing as the procedures have it: A9, C7, D7. */
#include "preset.h"

#include "flow/flow.h"

static void presets_route(void **state)
{
	static const struct {
		const char *preset, *ticket, *group, *departments;
	} cases[] = {
		{"response-tracking", "types=technical priority=2", "technical_support", "engineering"},
		{"response-tracking", "types=inquiry category=malfunction priority=1", "technical_support", "engineering"},
		{"response-tracking", "types=complaint category=malfunction priority=3", "supervisors", "customer_service"},
		{"response-tracking", "types=complaint", "supervisors", "customer_service"},
		{"response-tracking", "types=inquiry priority=1", "supervisors", "customer_service"},
		{"response-tracking", "types=inquiry priority=3 field.key_customer=yes", "customer_success", "customer_service"},
		{"response-tracking", "types=inquiry priority=3", "service_desk", "customer_service"},
		{"complaint-monitoring", "category=product_service grade=general", "technical_support", "engineering"},
		{"complaint-monitoring", "category=process grade=general", "process_owners", "operations"},
		{"complaint-monitoring", "category=price grade=general", "finance", "finance"},
		{"complaint-monitoring", "category=attitude grade=general", "hr", "human_resources"},
		{"complaint-monitoring", "category=suggestion grade=general", "product", "product"},
		{"complaint-monitoring", "category=price grade=major", "managers", "finance"},
		{"complaint-monitoring", "grade=major", "managers", "customer_service"},
		{"complaint-monitoring", "grade=general", "front_line", "customer_service"},
		{"multichannel", "types=malfunction/payment", "engineering", "engineering"},
		{"multichannel", "types=complaint/quality", "complaint_desk", "customer_service"},
		{"multichannel", "types=complaint/logistics", "operations", "operations"},
		{"multichannel", "types=inquiry/policy", "service_desk", "customer_service"},
		{"multichannel", "types=inquiry/function", "product", "product"},
		{"multichannel", "types=suggestion/new", "product_operations", "product"},
		{"multichannel", "types=inquiry/policy,malfunction/login", "engineering", "engineering"},
		{"multichannel", "", "service_desk", "customer_service"},
		{"after-sales", "types=product_quality", "quality", "quality,production"},
		{"after-sales", "types=malfunction", "repair", "repair,engineering"},
		{"satisfaction", "types=after_sales", "after_sales", "after_sales"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_policy_ struct policy *policy = preset(cases[i].preset);
		_cleanup_ticket_ struct ticket *ticket = made_ticket(cases[i].ticket);
		_cleanup_free_ char *departments = NULL;
		const struct route *route;

		assert_true(flow_route(policy, ticket, &route));
		departments = texts_join(&route->departments, ",");
		if (!text_equal(route->group, cases[i].group) || !text_equal(departments, cases[i].departments))
			fail_msg("%s, '%s': %s, %s", cases[i].preset, cases[i].ticket, route->group, departments);
	}
}

static void no_route(void **state)
{
	static const char text[] = "{\"format\":1,\"name\":\"x\",\"time_zone\":\"UTC\",\"number\":{\"format\":\"{date}-{serial:4}\"},\"channels\":[{\"name\":\"mail\"}],"
				   "\"types\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"groups\":[{\"name\":\"g\"}],\"routing\":[{\"when\":{\"type\":[\"a\"]},\"group\":\"g\"}]}";
	_cleanup_policy_ struct policy *policy = NULL;
	_cleanup_ticket_ struct ticket *ticket = made_ticket("types=b");
	const struct route *route = (const struct route *)&policy;

	assert_int_equal(policy_read(&policy, text, sizeof(text) - 1, "p.json", NULL), 0);
	assert_false(flow_route(policy, ticket, &route));
	assert_null(route);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(presets_route), cmocka_unit_test(no_route)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
