#!/bin/sh
# Run once by the postgres image, when the data folder is new: a role and a
# database for Duenotice, a role and two databases for Temporal, and no way
# from one to the other. Temporal's role must not read patient data.
set -eu
: "${DUENOTICE_POSTGRES_PASSWORD:?is not set}" "${TEMPORAL_POSTGRES_PASSWORD:?is not set}"

psql --no-psqlrc --username "${POSTGRES_USER:-postgres}" --dbname postgres --set ON_ERROR_STOP=1 <<'SQL'
-- \getenv, so that no password is in a command line anyone on the host can list.
\getenv duenotice_password DUENOTICE_POSTGRES_PASSWORD
\getenv temporal_password TEMPORAL_POSTGRES_PASSWORD
CREATE ROLE duenotice LOGIN PASSWORD :'duenotice_password';
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE duenotice OWNER duenotice ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE temporal OWNER temporal ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE temporal_visibility OWNER temporal ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE duenotice, temporal, temporal_visibility FROM PUBLIC;
SQL
