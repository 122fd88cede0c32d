package io.github.twiliospring.messaging.simulator.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What an account owns: numbers, Messaging Services, applications. An account's own
 * directory stands before the one that the simulator was built with, which all share. To
 * be used under the timeline's lock.
 */
public final class Directory {

	/** A queue may hold this much traffic; beyond it the API answers 429. */
	public static final Duration QUEUE_LIMIT = Duration.ofHours(4);

	private final @Nullable Directory shared;

	private final Map<String, PhoneNumber> numbers = new LinkedHashMap<>();

	private final Map<String, MessagingService> services = new LinkedHashMap<>();

	private final Map<String, Application> applications = new LinkedHashMap<>();

	private final Map<String, Instant> freeAt = new HashMap<>();

	private final Map<String, Integer> turns = new HashMap<>();

	private final Set<String> verified = new HashSet<>();

	private boolean trial;

	private @Nullable String inboundUrl;

	/**
	 * A directory.
	 * @param shared what stands behind it, or {@code null}
	 */
	public Directory(@Nullable Directory shared) {
		this.shared = shared;
	}

	/**
	 * A number or sender.
	 * @param address as messages name it
	 * @return the number, or {@code null} if it isn't configured
	 */
	public @Nullable PhoneNumber number(String address) {
		PhoneNumber number = this.numbers.get(address);
		return (number == null && this.shared != null) ? this.shared.number(address) : number;
	}

	/**
	 * A Messaging Service.
	 * @param sid {@code MG…}
	 * @return the service, or {@code null} if it isn't configured
	 */
	public @Nullable MessagingService service(String sid) {
		MessagingService service = this.services.get(sid);
		return (service == null && this.shared != null) ? this.shared.service(sid) : service;
	}

	/**
	 * The service that a number belongs to.
	 * @param number a sender
	 * @return the service, or {@code null}
	 */
	public @Nullable MessagingService serviceOf(String number) {
		for (MessagingService service : services().values()) {
			if (service.senders().contains(number)) {
				return service;
			}
		}
		return null;
	}

	/**
	 * The webhook for what arrives at a number: the number's, else its service's, else
	 * the one for all numbers.
	 * @param number the number
	 * @param service its service, or {@code null}
	 * @return the URL, or {@code null} without one
	 */
	public @Nullable String inboundUrlOf(String number, @Nullable MessagingService service) {
		PhoneNumber known = number(number);
		if (known != null && known.inboundUrl() != null) {
			return known.inboundUrl();
		}
		if (service != null && service.inboundUrl() != null) {
			return service.inboundUrl();
		}
		return (this.inboundUrl == null && this.shared != null) ? this.shared.inboundUrl : this.inboundUrl;
	}

	/**
	 * Sets the webhook for what arrives at any number.
	 * @param url the URL, or {@code null} for none
	 */
	public void inboundUrl(@Nullable String url) {
		this.inboundUrl = url;
	}

	/**
	 * An application.
	 * @param sid {@code AP…}
	 * @return the application, or {@code null} if it isn't configured
	 */
	public @Nullable Application application(String sid) {
		Application application = this.applications.get(sid);
		return (application == null && this.shared != null) ? this.shared.application(sid) : application;
	}

	/**
	 * All numbers.
	 * @return a copy, by address
	 */
	public Map<String, PhoneNumber> numbers() {
		Map<String, PhoneNumber> all = (this.shared != null) ? this.shared.numbers() : new LinkedHashMap<>();
		all.putAll(this.numbers);
		return all;
	}

	/**
	 * All services.
	 * @return a copy, by SID
	 */
	public Map<String, MessagingService> services() {
		Map<String, MessagingService> all = (this.shared != null) ? this.shared.services() : new LinkedHashMap<>();
		all.putAll(this.services);
		return all;
	}

	/**
	 * All applications.
	 * @return a copy, by SID
	 */
	public Map<String, Application> applications() {
		Map<String, Application> all = (this.shared != null) ? this.shared.applications() : new LinkedHashMap<>();
		all.putAll(this.applications);
		return all;
	}

	/**
	 * Adds or replaces a number.
	 * @param number the number
	 */
	public void put(PhoneNumber number) {
		this.numbers.put(number.address(), number);
	}

	/**
	 * Adds or replaces a service.
	 * @param service the service
	 */
	public void put(MessagingService service) {
		this.services.put(service.sid(), service);
	}

	/**
	 * Adds or replaces an application.
	 * @param application the application
	 */
	public void put(Application application) {
		this.applications.put(application.sid(), application);
	}

	/**
	 * Makes it a trial account's, which sends to verified numbers only.
	 * @param numbers the verified ones
	 */
	public void restrictTo(Set<String> numbers) {
		this.trial = true;
		this.verified.addAll(numbers);
	}

	/**
	 * Whether it's a trial account's.
	 * @return {@code true} if so
	 */
	public boolean isTrial() {
		return this.trial || (this.shared != null && this.shared.isTrial());
	}

	/**
	 * Whether a trial account may send there.
	 * @param recipient number or channel address
	 * @return {@code true} for verified ones, and on accounts that aren't on trial
	 */
	public boolean allows(String recipient) {
		if (this.trial && !this.verified.contains(recipient)) {
			return false;
		}
		return this.shared == null || this.shared.allows(recipient);
	}

	/**
	 * Takes the next place in a sender's queue.
	 * @param sender the sender
	 * @param segments how many it will send
	 * @param earliest when it could go if the queue were empty
	 * @return when it goes
	 */
	Instant enqueue(String sender, int segments, Instant earliest) {
		PhoneNumber number = number(sender);
		if (number == null || number.segmentsPerSecond() <= 0) {
			return earliest;
		}
		Instant free = this.freeAt.getOrDefault(sender, earliest);
		Instant start = free.isAfter(earliest) ? free : earliest;
		this.freeAt.put(sender, start.plusNanos((long) (segments * 1e9 / number.segmentsPerSecond())));
		return start;
	}

	/**
	 * Whether a sender's queue holds as much as it may.
	 * @param sender the sender
	 * @param now the present
	 * @return {@code true} if it takes no more
	 */
	public boolean isFull(String sender, Instant now) {
		Instant free = this.freeAt.get(sender);
		return free != null && !free.isBefore(now.plus(QUEUE_LIMIT));
	}

	/**
	 * Picks a service's sender, in turn, among those of the recipient's channel.
	 * @param service the service
	 * @param recipient number or channel address
	 * @return one of its senders, or {@code null} if none can reach the recipient
	 */
	@Nullable String pick(MessagingService service, String recipient) {
		List<String> able = service.sendersFor(recipient);
		if (able.isEmpty()) {
			return null;
		}
		int turn = this.turns.merge(service.sid(), 1, Integer::sum) - 1;
		return able.get(Math.floorMod(turn, able.size()));
	}

	void clear() {
		this.numbers.clear();
		this.services.clear();
		this.applications.clear();
		this.freeAt.clear();
		this.turns.clear();
		this.verified.clear();
		this.trial = false;
		this.inboundUrl = null;
	}

}
