-- +goose Up

-- An answer is bound to its act before that is written, so that the act is believed. One
-- that ends without it, because the rules refused it or because it was so already, names
-- an act that does not exist: whatever ends an answer takes such a name away.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION page_answer_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.practice_id, NEW.kind, NEW.content_sha256, NEW.sealed, NEW.at, NEW.session)
            IS DISTINCT FROM (OLD.id, OLD.practice_id, OLD.kind, OLD.content_sha256, OLD.sealed, OLD.at, OLD.session)
        OR (OLD.act_id <> '' AND NEW.act_id <> OLD.act_id AND NOT (NEW.act_id = '' AND OLD.state = 'received' AND NEW.state <> 'received'))
        OR (OLD.state <> 'received' AND NEW.state <> OLD.state)
        OR (NEW.attachment IS NOT NULL AND NEW.attachment IS DISTINCT FROM OLD.attachment) THEN
        RAISE EXCEPTION 'an answer of a practice does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION page_answer_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.practice_id, NEW.kind, NEW.content_sha256, NEW.sealed, NEW.at, NEW.session)
            IS DISTINCT FROM (OLD.id, OLD.practice_id, OLD.kind, OLD.content_sha256, OLD.sealed, OLD.at, OLD.session)
        OR (OLD.act_id <> '' AND NEW.act_id <> OLD.act_id) OR (OLD.state <> 'received' AND NEW.state <> OLD.state)
        OR (NEW.attachment IS NOT NULL AND NEW.attachment IS DISTINCT FROM OLD.attachment) THEN
        RAISE EXCEPTION 'an answer of a practice does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
