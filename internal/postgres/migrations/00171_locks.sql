-- +goose Up

-- Whoever counts a counting entity locks its row here. An advisory lock, which
-- every login may take and hold, would let a practice stop everybody's plans.
CREATE TABLE group_turn (
    incident_id text COLLATE "C" NOT NULL,
    key         text COLLATE "C" NOT NULL,
    PRIMARY KEY (incident_id, key)
);

-- Changes of roles take turns. As the owner, since a person's role may not lock a
-- table this way; only for who may change roles at all.
-- +goose StatementBegin
CREATE FUNCTION lock_grants() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT public.scope_all() THEN
        RAISE EXCEPTION 'roles are given by an officer for every incident' USING ERRCODE = 'insufficient_privilege';
    END IF;
    LOCK TABLE public.person_role IN SHARE ROW EXCLUSIVE MODE;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION lock_grants;
DROP TABLE group_turn;
