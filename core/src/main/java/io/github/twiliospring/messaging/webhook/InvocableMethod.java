package io.github.twiliospring.messaging.webhook;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.SpringProxy;
import org.springframework.core.MethodIntrospector;
import org.springframework.util.ReflectionUtils;

/**
 * Picks what to call on a bean, which may be a proxy, for a method of the bean's class. A
 * class-based proxy has the fields of the class, all empty: what it can't override would
 * run on those.
 */
final class InvocableMethod {

	private final Method method;

	private final Function<String, InvalidHandlerException> refusal;

	private volatile @Nullable Picked last;

	/**
	 * Picks for one method.
	 * @param method the method as it's declared
	 * @param refusal makes the exception that says why it can't be called
	 */
	InvocableMethod(Method method, Function<String, InvalidHandlerException> refusal) {
		this.method = method;
		this.refusal = refusal;
	}

	/**
	 * The method to call on a bean.
	 * @param beanType the bean's class
	 * @return that method, accessible
	 * @throws InvalidHandlerException if a call wouldn't reach the bean
	 */
	Method on(Class<?> beanType) {
		Picked picked = this.last;
		if (picked == null || picked.beanType() != beanType) {
			picked = new Picked(beanType, pick(beanType));
			this.last = picked;
		}
		return picked.method();
	}

	private Method pick(Class<?> beanType) {
		Method picked = this.method;
		if (!Modifier.isStatic(picked.getModifiers())) {
			boolean byClass = picked.getDeclaringClass().isAssignableFrom(beanType);
			if (byClass && SpringProxy.class.isAssignableFrom(beanType)) {
				checkOverridden(beanType);
			}
			picked = byClass ? picked : ofAnInterface(beanType);
		}
		ReflectionUtils.makeAccessible(picked);
		return picked;
	}

	private Method ofAnInterface(Class<?> beanType) {
		try {
			return MethodIntrospector.selectInvocableMethod(this.method, beanType);
		}
		catch (IllegalStateException ex) {
			throw this.refusal.apply("the bean is a JDK proxy whose interfaces don't declare it; declare it in an"
					+ " interface, or use a class-based proxy");
		}
	}

	private void checkOverridden(Class<?> proxyType) {
		int modifiers = this.method.getModifiers();
		Class<?> declaring = this.method.getDeclaringClass();
		if (declaring.isInterface()) {
			return;
		}
		if (Modifier.isPrivate(modifiers)) {
			throw refuse("private", "package-private or public");
		}
		if (Modifier.isFinal(modifiers)) {
			throw refuse("final", "non-final");
		}
		boolean visible = Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
		if (!visible && (declaring.getClassLoader() != proxyType.getClassLoader()
				|| !declaring.getPackageName().equals(proxyType.getPackageName()))) {
			throw refuse("package-private in another package or class loader than the proxy's", "public or protected");
		}
	}

	private InvalidHandlerException refuse(String what, String advice) {
		return this.refusal
			.apply("it's " + what + ", and the bean is a class-based proxy (of an aspect, a transaction or"
					+ " a scope), which can't override it and would call it without the bean's fields; make it "
					+ advice + ", or move it to a bean that isn't proxied");
	}

	private record Picked(Class<?> beanType, Method method) {

	}

}
