SELECT l.business_id, l.linked_id AS qbo_id, b.doc_number, b.party_kind, b.party_id, b.party_name, p.txn_date AS paid_on,
    p.exchange_rate, coalesce(l.amount_cents, 0) AS amount_cents
FROM {lines} l
JOIN {transactions} p
    ON p.advisor_id = l.advisor_id AND p.business_id = l.business_id AND p.entity = l.entity AND p.qbo_id = l.qbo_id
LEFT JOIN {transactions} b
    ON b.advisor_id = l.advisor_id AND b.business_id = l.business_id AND b.entity = 'Bill' AND b.qbo_id = l.linked_id
WHERE l.advisor_id = $advisor_id AND ($everyone OR l.business_id IN (SELECT unnest($ids::VARCHAR[])))
    AND l.entity = 'BillPayment' AND l.linked_type = 'Bill' AND NOT p.voided AND p.txn_date >= $since
ORDER BY l.business_id, p.txn_date, l.qbo_id, l.line_number
