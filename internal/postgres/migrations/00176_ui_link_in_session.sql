-- +goose Up

-- For whom a link into Temporal's UI is made says the session, where it says whose it
-- is: each later request is judged by it.
-- +goose StatementBegin
CREATE FUNCTION linked_in_session() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.identity := coalesce(nullif(public.session_identity(), ''), NEW.identity);
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER ui_login_is_of_the_session BEFORE INSERT ON ui_login FOR EACH ROW EXECUTE FUNCTION linked_in_session();

-- +goose Down
DROP TRIGGER ui_login_is_of_the_session ON ui_login;
DROP FUNCTION linked_in_session;
