-- +goose Up

-- Whose the database is: one row, written at its first use for an environment and
-- never changed. None in an installation without environments.
CREATE TABLE environment (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    name     text COLLATE "C" NOT NULL CHECK (name <> ''),
    since    timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TRIGGER environment_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON environment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- For every login, whatever else it may read: each asks before anything else. The
-- name is no secret.
CREATE FUNCTION environment_name() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT name FROM environment
$$;
GRANT EXECUTE ON FUNCTION environment_name() TO PUBLIC;

-- +goose Down
DROP FUNCTION environment_name;
DROP TABLE environment;
