"""rangelist: intervals that merge and split correctly, and walks that survive it."""
