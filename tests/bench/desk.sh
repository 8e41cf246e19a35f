#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes a desk of COUNT tickets of about 2 KB in FOLDER, as a bare repository: desk.sh FOLDER COUNT
# One pack by git fast-import; half of the texts Chinese. "罕见" stands in one ticket of 5,000, "退款" in one of three.
set -eu
folder=$1 count=$2
ticket=${TICKET_PROGRAM:-ticket}
export GIT_CONFIG_GLOBAL=/dev/null TICKET_AS=Li
"$ticket" init --bare --policy multichannel "$folder" 2>/dev/null
cd "$folder"
branch=$(git symbolic-ref HEAD)
awk -v count="$count" -v branch="$branch" '
function sentence(kind, i,   s, j) {
	s = ""
	for (j = 0; j < 14; j++)
		s = s (kind ? zh[(i * 7 + j * 13 + int(i / 31)) % nzh + 1] "，" : en[(i * 11 + j * 17 + int(i / 29)) % nen + 1] " ")
	return s
}
function event(i, k, at, rest) {
	return sprintf("    {\"id\":\"%08x%08x\",\"at\":\"%s\",\"recorded\":\"%s\",\"by\":\"%s\",\"role\":\"agent\"%s}", i, k, at, at, who[i % 20 + 1], rest)
}
BEGIN {
	nzh = split("用户反映手机无法登录 页面一直显示加载中 已经联系客服两次 希望尽快处理这个问题 订单号码已经提供 物流信息三天没有更新 商品与描述不一致 要求换货或者补偿 发票金额有误 工程师远程协助排查 重启之后恢复正常 短信验证码收不到 优惠券不能使用 账户余额显示异常 对服务态度不满意 多次拨打热线无人接听 请核实后回复 系统升级期间无法支付", zh, " ")
	nen = split("customer reports that the payment page keeps loading after login and asks for help with order number several times already contacted support package arrived damaged box open please replace item invoice shows wrong amount engineer restarted service works again now verification code never arrives coupon refused balance looks strange", en, " ")
	for (i = 1; i <= 20; i++)
		who[i] = "agent" i
	split("new assigned in_progress waiting resolved confirmed archived archived archived archived archived archived", states, " ")
	split("high medium low low low", priorities, " ")
	split("complaint/quality inquiry/function malfunction/login suggestion/new complaint/logistics", types, " ")
	printf "commit %s\ncommitter Li <li@example.org> 1700000000 +0000\ndata 5\nbench\nfrom %s^0\n", branch, branch
	for (i = 0; i < count; i++) {
		day = int(i / 1000) % 28 + 1; month = int(i / 28000) % 12 + 1; year = 2000 + int(i / 336000); serial = i % 1000 + 1
		number = sprintf("WX-%04d%02d%02d-%03d", year, month, day, serial)
		at = sprintf("%04d-%02d-%02dT%02d:%02d:00+08:00", year, month, day, i % 24, i % 60)
		state = states[i % 12 + 1]
		words = sentence(i % 2, i) (i % 3 == 0 ? "申请退款" : "") (i % 5000 == 7 ? "罕见" : "") sentence(i % 2, i + 3)
		t = sprintf("{\n  \"format\": 1,\n  \"id\": \"%s\",\n  \"uid\": \"%032x\",\n  \"received\": \"%s\",\n  \"channel\": \"wechat\",\n", number, i + 1, at)
		t = t sprintf("  \"customer\": {\"display\":\"用户%d\"},\n  \"subject\": \"%s\",\n  \"description\": \"%s\",\n  \"types\": [\"%s\"],\n  \"priority\": \"%s\",\n  \"state\": \"%s\",\n  \"cycle\": 1,\n",
			i % 5000, substr(words, 1, 24), words, types[i % 5 + 1], priorities[int(i / 7) % 5 + 1], state)
		if (state != "new")
			t = t sprintf("  \"assignee\": \"%s\",\n", who[i % 20 + 1])
		if (state ~ /assigned|progress/)
			t = t sprintf("  \"clocks\": [\n    {\"target\":\"plan\",\"cycle\":1,\"from\":\"%s\",\"due\":\"%s\",\"verdict\":\"running\",\"next\":\"%s\",\"next_step\":\"due\"}\n  ],\n", at, i % 1000 == 1 ? at : "2090-01-01T00:00:00+08:00", i % 1000 == 1 ? "2090-01-02T00:00:00+08:00" : "2090-01-01T00:00:00+08:00")
		t = t "  \"events\": [\n" event(i, 1, at, ",\"do\":\"opened\"") ",\n" event(i, 2, at, ",\"do\":\"assigned\",\"person\":\"" who[i % 20 + 1] "\"") ",\n" \
			event(i, 3, at, ",\"do\":\"responded\",\"text\":\"" sentence(i % 2, i + 5) "\"") ",\n" event(i, 4, at, ",\"do\":\"noted\",\"text\":\"" sentence(1 - i % 2, i + 9) "\"") "\n  ]\n}\n"
		printf "M 100644 inline tickets/%04d/%02d/%02d/%02d/%s.json\ndata <<ENDOFTICKET\n%sENDOFTICKET\n", year, month, day, int(serial / 100), number, t
	}
	print "done"
}' | LC_ALL=C git fast-import --quiet --done
