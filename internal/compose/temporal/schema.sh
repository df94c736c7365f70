#!/bin/sh
# Brings the tables of Temporal's two databases to the version of this image's
# server. Both commands do nothing where there is nothing to do, so this runs on
# every start; an upgrade of the server is a start with newer images.
set -eu
: "${SQL_HOST:?is not set}" "${SQL_PASSWORD:?is not set}"

schemas=${TEMPORAL_SCHEMAS:-/etc/temporal/schema/postgresql/v12}
temporal-sql-tool --db temporal setup-schema -v 0.0
temporal-sql-tool --db temporal update-schema -d "$schemas/temporal/versioned"
temporal-sql-tool --db temporal_visibility setup-schema -v 0.0
temporal-sql-tool --db temporal_visibility update-schema -d "$schemas/visibility/versioned"
