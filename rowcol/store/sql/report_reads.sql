SELECT r.business_id, r.report, r.report_date, r.read_at, r.books_position, r.refused_because
FROM {report_reads} r WHERE r.read_at <= $known_at
QUALIFY row_number() OVER (PARTITION BY r.business_id, r.report, r.report_date ORDER BY r.read_at DESC, r.books_position DESC) = 1
ORDER BY r.business_id, r.report, r.report_date
