-- name: AddressesToCheck :many
-- The people of an incident to whom a letter is still owed, or whose letter came back.
SELECT p.practice_key, sqlc.embed(f)
FROM finding f JOIN practice p ON p.id = f.practice_id
WHERE p.incident_id = @incident_id AND f.state = ANY(@states::text[]) AND f.usable_address
    AND (f.practice_id, f.person_key) > (@after_practice::integer, @after_person::text)
ORDER BY f.practice_id, f.person_key LIMIT @page;

-- name: AddressCheckBySHA256 :one
SELECT number, list_number, outcomes, checked_on FROM address_check WHERE incident_id = @incident_id AND sha256 = @sha256;

-- name: NextAddressCheck :one
SELECT (coalesce(max(number), 0) + 1)::integer FROM address_check WHERE incident_id = @incident_id;

-- name: InsertAddressCheck :exec
INSERT INTO address_check (incident_id, number, sha256, checked_on, after_list, list_number, outcomes, by_whom, at)
VALUES (@incident_id, @number, @sha256, @checked_on,
    (SELECT coalesce(max(l.number), 0) FROM findings_list l WHERE l.incident_id = @incident_id), @list_number, @outcomes, @by_whom, @at);

-- name: InsertCheckedAddresses :exec
INSERT INTO checked_address (practice_id, person_key, check_number, outcome, sealed)
SELECT unnest(@practice_ids::integer[]), unnest(@person_keys::text[]), @check_number, unnest(@outcomes::text[]), unnest(@sealed::bytea[]);

-- name: LatestAddressCheck :one
-- The day of the latest check, and how many lists of people came after it.
SELECT c.checked_on,
    (SELECT count(*) FROM findings_list l WHERE l.incident_id = c.incident_id AND l.kind = 'findings' AND l.number > c.after_list AND l.added > 0)::integer AS lists_since
FROM address_check c WHERE c.incident_id = @incident_id ORDER BY c.checked_on DESC, c.number DESC LIMIT 1;

-- name: ListsAfterTheFirst :one
-- How many further lists brought people.
SELECT count(*)::integer FROM findings_list WHERE incident_id = @incident_id AND kind = 'findings' AND number > 1 AND added > 0;
