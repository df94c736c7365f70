-- +goose Up

-- Passkeys by which people sign in without a link: public keys, which open nothing.
CREATE TABLE door_passkey (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- As the authenticator names it.
    credential  bytea NOT NULL UNIQUE,
    -- Random, one for each identity: what the authenticator is told instead of a name.
    handle      bytea NOT NULL,
    who         text NOT NULL,
    identity    text COLLATE "C" NOT NULL CHECK (identity ~ '^(os|db):.'),
    -- Its public key, flags and counter, as internal/door keeps them.
    kept        jsonb NOT NULL,
    -- As the person calls it.
    label       text NOT NULL,
    added       timestamptz NOT NULL,
    used        timestamptz
);

CREATE INDEX door_passkey_of ON door_passkey (identity);

-- A session that began by a passkey ends with it; 0 for the others.
ALTER TABLE door_session ADD COLUMN passkey_id bigint NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE door_session DROP COLUMN passkey_id;
DROP TABLE door_passkey;
