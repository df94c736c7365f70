-- +goose Up

-- When a practice came into the phase that it is in: what has waited longest for a
-- person is to be seen without reading its history. Practices that are there count from
-- now. The time is the database's, whichever machine wrote the phase.
ALTER TABLE practice ADD COLUMN phase_since timestamptz NOT NULL DEFAULT now();

-- +goose StatementBegin
CREATE FUNCTION phase_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.phase_since := clock_timestamp();
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER practice_phase_moved BEFORE UPDATE OF phase ON practice
    FOR EACH ROW WHEN (OLD.phase IS DISTINCT FROM NEW.phase) EXECUTE FUNCTION phase_moved();

-- What was written since the last anchor is found by its time. The entries of the whole
-- table are in that order, so that this costs next to nothing to keep.
CREATE INDEX ledger_in_time ON ledger USING brin (at);

-- Tells the server of the pages how new the tables are: it may read none of them.
-- +goose StatementBegin
CREATE FUNCTION page_tables() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT max(version_id) FROM public.goose_db_version
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION page_tables;
DROP INDEX ledger_in_time;
DROP TRIGGER practice_phase_moved ON practice;
DROP FUNCTION phase_moved;
ALTER TABLE practice DROP COLUMN phase_since;
