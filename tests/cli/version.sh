#!/bin/bash
# SPDX-License-Identifier: MIT
# `ticket version`.
. "${0%/*}/harness.sh"

matches 'one line' '^ticket [0-9]+\.[0-9]+\.[0-9]+$' ticket version
json 'as JSON' 'keys' '["format","version"]' ticket version --json
same 'the same in both forms' "$(ticket version --json | jq -r .version)" "$(ticket --version | cut -d' ' -f2)"
refused 2 "ticket: 'x' is one argument too many; usage: ticket version [--json]" ticket version x
