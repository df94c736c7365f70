#!/bin/sh
# Creates the namespace and the search attributes Duenotice's workflows set.
# What is there already is left as it is, so this runs on every start.
set -eu
: "${TEMPORAL_ADDRESS:?is not set}" "${TEMPORAL_NAMESPACE:?is not set}" "${NAMESPACE_RETENTION:?is not set}"

# patiently runs a command until it succeeds, for two minutes at most: a server
# whose port is open may not yet have taken its shards, and a namespace just
# made is not known everywhere for some seconds.
patiently() {
	attempt=1
	until "$@"; do
		if [ "$attempt" -ge 60 ]; then
			echo "gave up after $attempt attempts: $*" >&2
			exit 1
		fi
		attempt=$((attempt + 1))
		sleep 2
	done
}

patiently temporal operator cluster health

if ! temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
	patiently temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$NAMESPACE_RETENTION"
fi

# Name and type, as internal/temporalx has them.
while read -r name type; do
	patiently temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$name" --type "$type" </dev/null
done <<'ATTRIBUTES'
IncidentId Keyword
PracticeKey Keyword
Phase Keyword
SizeBand Keyword
NextDue Datetime
NeedsPerson Bool
Late Bool
ATTRIBUTES
