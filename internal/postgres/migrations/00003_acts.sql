-- +goose Up

-- What people did, in the order it was done. Evidence: rows are only ever added.
CREATE TABLE act (
    seq          bigint GENERATED ALWAYS AS IDENTITY,
    incident_id  text NOT NULL REFERENCES incident,
    id           text NOT NULL,
    -- '' for an act on the whole incident.
    practice_key text COLLATE "C" NOT NULL,
    kind         text NOT NULL,
    who          text NOT NULL,
    at           timestamptz NOT NULL,
    terms        jsonb NOT NULL,
    PRIMARY KEY (incident_id, id)
);

-- A practice's assessments and facts are read from here, with the incident's own.
CREATE INDEX act_of_practice ON act (incident_id, practice_key, kind, seq);

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is a record of what people did: rows are only added', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
-- +goose StatementEnd

CREATE TRIGGER act_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON act
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One person's approval of exactly these papers.
CREATE TABLE approval (
    practice_id   integer NOT NULL REFERENCES practice,
    papers_sha256 text NOT NULL,
    -- The name with case and spaces folded: nobody becomes two approvers by
    -- typing their name differently.
    person        text NOT NULL,
    who           text NOT NULL,
    at            timestamptz NOT NULL,
    act_id        text NOT NULL,
    PRIMARY KEY (practice_id, papers_sha256, person)
);

CREATE TRIGGER approval_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON approval
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE approval, act;
DROP FUNCTION refuse_change;
