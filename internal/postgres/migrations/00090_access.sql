-- +goose Up

-- PostgreSQL refuses COPY into a table with row-level security, and anything
-- else takes a large list twice as long. So finding, which everybody reads, is
-- guarded; its only partition, which a load copies into, can be read by nobody.
ALTER TABLE finding RENAME TO finding_rows;
ALTER TABLE finding_rows RENAME CONSTRAINT finding_pkey TO finding_rows_pkey;
CREATE TABLE finding (LIKE finding_rows INCLUDING DEFAULTS INCLUDING STORAGE, PRIMARY KEY (practice_id, person_key))
    PARTITION BY RANGE (practice_id);
ALTER TABLE finding ATTACH PARTITION finding_rows DEFAULT;

-- Who was given which role, and who took it away again: what holds is the last
-- row for an identity, role, incident and practice. Evidence: rows are only added.
CREATE TABLE person_role (
    seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- access.Identity: "os:ada" is an account of the machine the program runs on,
    -- "db:ada" a database login of the person's own.
    identity     text COLLATE "C" NOT NULL CHECK (identity ~ '^(os|db):.'),
    -- The person's name, as --by has it.
    name         text NOT NULL,
    role         text NOT NULL CHECK (role IN ('officer', 'approver', 'counsel', 'operator', 'practice')),
    -- '' for every incident; one that is not started yet may be named.
    incident_id  text COLLATE "C" NOT NULL,
    practice_key text COLLATE "C" NOT NULL,
    granted      boolean NOT NULL,
    who          text NOT NULL,
    -- The identity of who gave or took it, and the database login it came through.
    by_identity  text COLLATE "C" NOT NULL,
    login        text NOT NULL DEFAULT session_user CHECK (login = session_user),
    at           timestamptz NOT NULL,
    CHECK ((role = 'practice') = (practice_key <> '')),
    CHECK (practice_key = '' OR incident_id <> '')
);

CREATE INDEX person_role_of ON person_role (identity, role, incident_id, practice_key, seq);

CREATE TRIGGER person_role_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON person_role
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- An act that somebody asked for, written in their own session before the
-- workflow is told of it. The workflow believes an act's --by only when it finds
-- here, by the act's id and content, who the database had in that session.
CREATE TABLE act_request (
    seq            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id    text COLLATE "C" NOT NULL,
    practice_key   text COLLATE "C" NOT NULL,
    request_sha256 text NOT NULL,
    -- The account as the program says it, which counts only where login is the program's.
    account        text COLLATE "C" NOT NULL,
    login          text NOT NULL DEFAULT session_user CHECK (login = session_user),
    at             timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX act_request_of ON act_request (incident_id, request_sha256);

CREATE TRIGGER act_request_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON act_request
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Every look at one patient's row outside the papers, written before it is shown.
CREATE TABLE reveal (
    seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id  text COLLATE "C" NOT NULL REFERENCES incident,
    practice_key text COLLATE "C" NOT NULL,
    practice_id  integer NOT NULL REFERENCES practice,
    person_key   text COLLATE "C" NOT NULL,
    reason       text NOT NULL CHECK (reason <> ''),
    who          text NOT NULL,
    by_identity  text COLLATE "C" NOT NULL,
    -- The database login, and the moment by the database's own clock: the row may
    -- be read by this login for some minutes after it.
    login        text NOT NULL DEFAULT session_user CHECK (login = session_user),
    at           timestamptz NOT NULL DEFAULT clock_timestamp() CHECK (at <= clock_timestamp())
);

CREATE INDEX reveal_of ON reveal (practice_id, person_key, at);

CREATE TRIGGER reveal_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON reveal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The look is in the practice's chain too, in the same transaction, whoever
-- looks: as the owner, since a person's role writes no entry by itself. The
-- patient's key stays out of the chain, which goes to others as evidence.
-- +goose StatementBegin
CREATE FUNCTION reveal_is_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM practice WHERE id = NEW.practice_id AND incident_id = NEW.incident_id AND practice_key = NEW.practice_key
        FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the practice of a look is not of its incident' USING ERRCODE = 'foreign_key_violation';
    END IF;
    INSERT INTO ledger (incident_id, practice_key, body) VALUES (NEW.incident_id, NEW.practice_key, json_build_object(
        'kind', 'reveal', 'who', NEW.who, 'identity', NEW.by_identity, 'ref', NEW.seq::text,
        'result', json_build_object('reason', NEW.reason, 'login', NEW.login))::text);
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER reveal_is_told AFTER INSERT ON reveal FOR EACH ROW EXECUTE FUNCTION reveal_is_told();

-- Beside the name of the person who decided, whose session asked for it.
ALTER TABLE act ADD COLUMN identity text NOT NULL DEFAULT '';

-- Which access.sql was applied last.
CREATE TABLE access_rules (sha256 text NOT NULL);

-- Only a table's owner may have it measured.
-- +goose StatementBegin
CREATE FUNCTION learn_sizes() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE finding, practice, approval, piece;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION learn_sizes;
ALTER TABLE act DROP COLUMN identity;
DROP TABLE access_rules, reveal, act_request, person_role;
DROP FUNCTION reveal_is_told;
ALTER TABLE finding DETACH PARTITION finding_rows;
DROP TABLE finding;
ALTER TABLE finding_rows RENAME CONSTRAINT finding_rows_pkey TO finding_pkey;
ALTER TABLE finding_rows RENAME TO finding;
