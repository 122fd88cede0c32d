package io.github.twiliospring.messaging.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * What a JVM used between two moments.
 *
 * @param cpuNanos CPU time of the process, with its compiler and collector
 * @param allocatedBytes bytes allocated by threads that were alive at the end
 * @param threads most threads at once
 * @param heapPeakBytes most heap in use at once, garbage included
 * @param residentBytes resident memory at the end, 0 where the system doesn't tell
 */
public record Usage(long cpuNanos, long allocatedBytes, int threads, long heapPeakBytes, long residentBytes) {

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	/**
	 * Reads what {@link #toString()} wrote.
	 * @param fields the record's components in order
	 * @return the usage
	 */
	public static Usage parse(String[] fields) {
		return new Usage(Long.parseLong(fields[0]), Long.parseLong(fields[1]), Integer.parseInt(fields[2]),
				Long.parseLong(fields[3]), Long.parseLong(fields[4]));
	}

	@Override
	public String toString() {
		return this.cpuNanos + " " + this.allocatedBytes + " " + this.threads + " " + this.heapPeakBytes + " "
				+ this.residentBytes;
	}

	/**
	 * Starts to measure this JVM.
	 * @return what ends the measurement
	 */
	public static Measurement start() {
		return new Measurement();
	}

	/**
	 * The heap in use after a collection.
	 * @return bytes
	 */
	public static long liveHeapBytes() {
		for (int i = 0; i < 3; i++) {
			System.gc();
		}
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	/**
	 * Resident memory of this process.
	 * @return bytes, 0 where the system doesn't tell
	 */
	public static long residentMemory() {
		try {
			for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
				if (line.startsWith("VmRSS:")) {
					return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
				}
			}
		}
		catch (IOException ex) {
			// Not Linux.
		}
		return 0;
	}

	private static Map<Long, Long> allocatedByThread() {
		long[] ids = THREADS.getAllThreadIds();
		long[] bytes = THREADS.getThreadAllocatedBytes(ids);
		Map<Long, Long> allocated = new HashMap<>();
		for (int i = 0; i < ids.length; i++) {
			allocated.put(ids[i], Math.max(0, bytes[i]));
		}
		return allocated;
	}

	/**
	 * A measurement that is going on.
	 */
	public static final class Measurement {

		private final Map<Long, Long> allocatedBefore = allocatedByThread();

		private final long cpuBefore = SYSTEM.getProcessCpuTime();

		private Measurement() {
			THREADS.resetPeakThreadCount();
			ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
		}

		/**
		 * Ends it.
		 * @return what was used
		 */
		public Usage stop() {
			long cpu = SYSTEM.getProcessCpuTime() - this.cpuBefore;
			long allocated = allocatedByThread().entrySet()
				.stream()
				.mapToLong((entry) -> entry.getValue() - this.allocatedBefore.getOrDefault(entry.getKey(), 0L))
				.sum();
			long heap = ManagementFactory.getMemoryPoolMXBeans()
				.stream()
				.filter((pool) -> pool.getType() == MemoryType.HEAP)
				.mapToLong((pool) -> pool.getPeakUsage().getUsed())
				.sum();
			return new Usage(cpu, allocated, THREADS.getPeakThreadCount(), heap, residentMemory());
		}

	}

}
