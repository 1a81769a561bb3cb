-- Decisions on no client in particular count for each. Only rows after $since can move the position.
SELECT greatest(
    $since::BIGINT,
    (SELECT coalesce(max(decision_id), 0) FROM decisions
        WHERE decision_id > $since::BIGINT AND advisor_id = $advisor_id
        AND ($everyone OR business_id IN ($business_id, '')) AND kind NOT IN (SELECT unnest($apart::VARCHAR[]))),
    (SELECT coalesce(max(epoch_us(finished_at)), 0) FROM sync_run
        WHERE finished_at > make_timestamp($since::BIGINT) AND advisor_id = $advisor_id
        AND ($everyone OR business_id = $business_id)),
    (SELECT coalesce(max(epoch_us(read_at)), 0) FROM report_reads
        WHERE read_at > make_timestamp($since::BIGINT) AND advisor_id = $advisor_id
        AND ($everyone OR business_id = $business_id)),
    (SELECT coalesce(max(epoch_us(greatest(connected_at, coalesce(disconnected_at, connected_at)))), 0)
        FROM businesses WHERE advisor_id = $advisor_id AND ($everyone OR business_id = $business_id))
)
