-- +goose Up

-- Findings are encrypted from here on. What lies here in clear cannot be
-- encrypted by SQL, and shall not be dropped without a word.
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM finding) THEN
        RAISE EXCEPTION 'this database holds findings in clear, from a version before they were encrypted: '
            'start the incident again from its case folder in a new database, and destroy this one';
    END IF;
END
$$;
-- +goose StatementEnd

-- The master keys that data keys are or were wrapped with, by name. A key that
-- is not retired is needed: check_value proves before anything is written that
-- it is there and is the right one.
CREATE TABLE master_key (
    name        text COLLATE "C" PRIMARY KEY,
    -- datakey.Master's Wrap of a text that everybody knows.
    check_value bytea NOT NULL,
    added_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- From then on nothing is wrapped with it, and nothing that was is left.
    retired_at  timestamptz
);

-- The data key of each incident, wrapped by a master key.
CREATE TABLE incident_key (
    incident_id text PRIMARY KEY REFERENCES incident,
    master      text COLLATE "C" NOT NULL REFERENCES master_key,
    -- NULL: destroyed, and with it everybody's name and address.
    wrapped     bytea,
    wrapped_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    shredded_at timestamptz,
    CHECK ((wrapped IS NULL) = (shredded_at IS NOT NULL))
);

-- Writes incident_key to a new file: PostgreSQL keeps the bytes of a row that was
-- changed, and a destroyed key must not be found there. As the owner, whoever
-- calls it, and never on a part of the rows: with row_security off a policy that
-- would hide some is an error. A transaction that looked at the database before
-- and at this table after finds it empty, and is tried again.
-- +goose StatementBegin
CREATE FUNCTION rewrite_incident_keys() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET row_security = off AS $$
DECLARE
    kept incident_key[];
BEGIN
    LOCK TABLE incident_key IN ACCESS EXCLUSIVE MODE;
    SELECT array_agg(k) INTO kept FROM incident_key k;
    TRUNCATE incident_key;
    INSERT INTO incident_key SELECT * FROM unnest(kept);
END
$$;
-- +goose StatementEnd

-- In clear stays what the program counts and joins by and what tells nobody who
-- somebody is (docs/adr/0090). Everything else is in sealed.
ALTER TABLE finding
    DROP COLUMN zip_order, DROP COLUMN birth_date, DROP COLUMN deceased_date, DROP COLUMN email_agreed_on,
    DROP COLUMN first_name, DROP COLUMN middle_name, DROP COLUMN last_name, DROP COLUMN suffix,
    DROP COLUMN representative_name, DROP COLUMN representative_relation,
    DROP COLUMN address1, DROP COLUMN address2, DROP COLUMN city, DROP COLUMN state, DROP COLUMN zip, DROP COLUMN country,
    DROP COLUMN email, DROP COLUMN phone, DROP COLUMN language,
    DROP COLUMN confidential_address, DROP COLUMN acquired_or_viewed, DROP COLUMN source,
    ADD COLUMN deceased boolean NOT NULL,
    -- The person, encrypted under the incident's data key for this incident,
    -- practice and person_key. Not compressed: ciphertext does not shrink.
    ADD COLUMN sealed bytea NOT NULL;
ALTER TABLE finding ALTER COLUMN sealed SET STORAGE EXTERNAL;

ALTER TABLE incoming_finding
    DROP COLUMN zip_order, DROP COLUMN birth_date, DROP COLUMN deceased_date, DROP COLUMN email_agreed_on,
    DROP COLUMN first_name, DROP COLUMN middle_name, DROP COLUMN last_name, DROP COLUMN suffix,
    DROP COLUMN representative_name, DROP COLUMN representative_relation,
    DROP COLUMN address1, DROP COLUMN address2, DROP COLUMN city, DROP COLUMN state, DROP COLUMN zip, DROP COLUMN country,
    DROP COLUMN email, DROP COLUMN phone, DROP COLUMN language,
    DROP COLUMN confidential_address, DROP COLUMN acquired_or_viewed, DROP COLUMN source,
    ADD COLUMN deceased boolean NOT NULL,
    ADD COLUMN sealed bytea NOT NULL;
ALTER TABLE incoming_finding ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- +goose Down
-- Nothing can be decrypted by SQL either.
-- +goose StatementBegin
DO $$ BEGIN RAISE EXCEPTION 'findings cannot be brought back into clear columns'; END $$;
-- +goose StatementEnd
