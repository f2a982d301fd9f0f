-- A row of the queue goes with the last event of its resource and comes again with the next: counted from 0 each time, a
-- generation would be that of another row before it, and a result that comes too late would settle the wrong one. It
-- settles what it names, event and generation; this start keeps them apart where the same event is queued again.
alter table queue alter column gen set default floor(random() * 1000000000)::int;
