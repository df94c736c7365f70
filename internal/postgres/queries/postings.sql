-- name: PostingIncidents :many
-- Open incidents with a posting that is to be looked at on a day: one that nobody looked
-- at that day, at that address, or whose last look missed it.
SELECT DISTINCT p.incident_id FROM practice p LEFT JOIN posting_state s ON s.practice_id = p.id
WHERE p.posting_url <> '' AND p.closed_on IS NULL AND (s.practice_id IS NULL OR s.looked_on < @today OR NOT s.shown OR s.url <> p.posting_url)
ORDER BY p.incident_id;

-- name: PostingsToLookAt :many
SELECT p.practice_key, p.posting_url FROM practice p LEFT JOIN posting_state s ON s.practice_id = p.id
WHERE p.incident_id = @incident_id AND p.practice_key > @after AND p.posting_url <> '' AND p.closed_on IS NULL
    AND (s.practice_id IS NULL OR s.looked_on < @today OR NOT s.shown OR s.url <> p.posting_url)
ORDER BY p.practice_key LIMIT @page;

-- name: LockPostings :many
-- The practices in the order of their keys, with what the last look at each found.
SELECT p.id, p.practice_key, (s.practice_id IS NOT NULL)::boolean AS known, coalesce(s.url, '') AS url, coalesce(s.shown, false) AS shown,
    coalesce(s.problem, '') AS problem, s.since, s.looked_on, coalesce(s.missed::text[], '{}')::text[] AS missed
FROM practice p LEFT JOIN posting_state s ON s.practice_id = p.id
WHERE p.incident_id = @incident_id AND p.practice_key = ANY(@practice_keys::text[]) AND p.closed_on IS NULL
ORDER BY p.practice_key FOR NO KEY UPDATE OF p;

-- name: SavePostingStates :exec
INSERT INTO posting_state (practice_id, incident_id, practice_key, url, shown, problem, since, looked_on, looked_at, missed)
SELECT x.id, @incident_id, x.key, x.url, x.shown, x.problem, x.since, @looked_on::date, @looked_at::timestamptz, string_to_array(x.missed, ',')::date[]
FROM (SELECT unnest(@ids::integer[]) AS id, unnest(@practice_keys::text[]) AS key, unnest(@urls::text[]) AS url, unnest(@shown::boolean[]) AS shown,
    unnest(@problems::text[]) AS problem, unnest(@since::date[]) AS since, unnest(@missed::text[]) AS missed) x
ON CONFLICT (practice_id) DO UPDATE SET url = EXCLUDED.url, shown = EXCLUDED.shown, problem = EXCLUDED.problem, since = EXCLUDED.since,
    looked_on = EXCLUDED.looked_on, looked_at = EXCLUDED.looked_at, missed = EXCLUDED.missed;

-- name: SavePostingLooks :exec
INSERT INTO posting_look (practice_id, entry, place, look)
SELECT unnest(@ids::integer[]), @entry, unnest(@places::integer[]), unnest(@looks::text[]);

-- name: PostingLooksOf :many
-- One practice's looks, or those of all, in the order in which they were made.
SELECT p.practice_key, l.entry, l.place, l.look FROM posting_look l JOIN practice p ON p.id = l.practice_id
WHERE p.incident_id = @incident_id AND p.practice_key = @practice_key
ORDER BY l.entry;

-- name: PostingLooksBeside :many
-- All looks of entries, by entry and place.
SELECT p.practice_key, l.entry, l.look FROM posting_look l JOIN practice p ON p.id = l.practice_id
WHERE p.incident_id = @incident_id AND l.entry = ANY(@entries::integer[])
ORDER BY l.entry, l.place;

-- name: CountPostingsAmiss :one
SELECT count(*) FROM posting_state s JOIN practice p ON p.id = s.practice_id
WHERE s.incident_id = @incident_id AND NOT s.shown AND p.closed_on IS NULL AND p.posting_url <> '';
