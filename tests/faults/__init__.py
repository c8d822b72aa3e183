"""The hostile tests: crashes, faults and wrong clocks against the publish protocol."""
